# Fuzz targets over protocol parsers.
