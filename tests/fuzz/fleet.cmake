# Fuzz targets over fleet parsers.
