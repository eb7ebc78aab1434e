# Fuzz targets over fleet parsers.
kiosk_fuzz(osmp_reply_fuzz fleet_osmp)
