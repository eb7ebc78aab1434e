# Fuzz targets over devices parsers.
