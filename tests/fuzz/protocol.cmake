# Fuzz targets over protocol parsers.
kiosk_fuzz(st0001x_fuzz protocol_bill_code)
kiosk_fuzz(account_fuzz protocol_account)
kiosk_fuzz(amount_text_fuzz protocol_money)
kiosk_fuzz(allocate_fuzz protocol_money)
