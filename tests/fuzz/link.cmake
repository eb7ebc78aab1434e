# Fuzz targets over link parsers.
