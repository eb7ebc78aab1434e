# Fuzz targets over the link's parsers and its server's end.
kiosk_fuzz(wire_frame_fuzz protocol_wire)
kiosk_fuzz(wire_convert_fuzz protocol_wire)
kiosk_fuzz(link_server_fuzz protocol_link)
