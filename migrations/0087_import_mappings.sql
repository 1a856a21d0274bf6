-- What a person said once about the columns and words of a feed's files, by name.
CREATE TABLE import_mapping (
    name        text PRIMARY KEY CONSTRAINT import_mapping_name_is_a_slug CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
    kind        text NOT NULL CONSTRAINT import_mapping_kind_known CHECK (kind IN ('clients', 'trades', 'balances')),
    -- {map, set, values, encoding, separator}
    declared    jsonb NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
