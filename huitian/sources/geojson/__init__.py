"""Maps as GeoJSON (RFC 7946)."""
