-- One row per level, entity_code, domain and date of a self-rating.
{{ capability(ref("partner__metric")) }}
