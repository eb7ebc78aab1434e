# Fuzz targets over fleet parsers.
kiosk_fuzz(osmp_reply_fuzz fleet_osmp)
kiosk_fuzz(charge_file_fuzz fleet_charge_file)
kiosk_fuzz(intake_record_fuzz fleet_intake)
kiosk_fuzz(rule_toml_fuzz fleet_splitting)
kiosk_fuzz(table_file_fuzz fleet_tables)
