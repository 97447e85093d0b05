"""Checks of the official image validator that contradict the specification: (check, version) -> reason."""

EXCUSED = {
    ("size_noup", "3.0"): "Wants an error for `!2000,3000`; Image API 3.0, 4.2 says that `!w,h` larger than the region returns the region at its own size.",
    ("size_up", "3.0"): "Wants `^pct:200` to be 2000 pixels wide and, at once, `^max` to stay at 1000; with limits that allow 2000 pixels `^max` is larger.",
    ("format_webp", "3.0"): "Compares bytes with a string of characters, which is never equal in Python 3; test_every_declared_format shows that it is WebP.",
    ("format_webp", "2.0"): "The same comparison of bytes with a string.",
}

# Complaints of the official schema of Presentation 4 that contradict the specification (IIIF/api 28a88829): part of the message -> reason.
EXCUSED_4 = {
    "'Independents' is not one of": "Independents is a class of the model (Annotation aggregates), which its body may be",
    "body: 'id' is a required property": "said of an Independents, which needs none",
    "'Feature' is not one of": "a GeoJSON Feature as body, as in recipe 0139",
}
