# Fuzz targets over devices parsers.
kiosk_fuzz(escpos_stream_fuzz devices_printer_simulator)
kiosk_fuzz(vkp80_status_fuzz devices_printer)
