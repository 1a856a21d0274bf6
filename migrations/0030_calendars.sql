-- Calendars: which days count, in versions. Monday to Friday unless a year's notice says otherwise; a year is loaded whole,
-- as a new version, and what an earlier version said stays readable. Small catalogues; nothing here belongs to a client.
CREATE TABLE calendar (
    code    text PRIMARY KEY CONSTRAINT calendar_code_form CHECK (code ~ '^[a-z0-9-]{1,32}$'),
    kind    text NOT NULL CONSTRAINT calendar_kind_known CHECK (kind IN ('working', 'trading')),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    version bigint NOT NULL DEFAULT 1 -- moves with every year loaded
);

-- Business hours, several a day, none across midnight.
CREATE TABLE calendar_period (
    calendar_code text NOT NULL CONSTRAINT calendar_period_calendar_exists REFERENCES calendar,
    opens_at      time NOT NULL,
    closes_at     time NOT NULL,
    PRIMARY KEY (calendar_code, opens_at),
    CONSTRAINT calendar_period_opens_before_it_closes CHECK (opens_at < closes_at),
    CONSTRAINT calendar_period_apart EXCLUDE USING gist (
        calendar_code WITH =,
        int4range(extract(epoch FROM opens_at)::integer, extract(epoch FROM closes_at)::integer) WITH &&
    )
);

-- A year as loaded with this version of its calendar; the highest version is in force.
CREATE TABLE calendar_year (
    calendar_code text NOT NULL CONSTRAINT calendar_year_calendar_exists REFERENCES calendar,
    year          integer NOT NULL CONSTRAINT calendar_year_near CHECK (year BETWEEN 1990 AND 2100),
    version       bigint NOT NULL,
    status        text NOT NULL CONSTRAINT calendar_year_status_known CHECK (status IN ('official', 'provisional')),
    source        text NOT NULL CONSTRAINT calendar_year_source_not_blank CHECK (source ~ '\S'),
    loaded_at     timestamptz NOT NULL,
    loaded_by     text NOT NULL,
    PRIMARY KEY (calendar_code, year, version)
);

-- The days of that year that are not what their weekday says.
CREATE TABLE calendar_day (
    calendar_code text NOT NULL,
    year          integer NOT NULL,
    version       bigint NOT NULL,
    day           date NOT NULL,
    open          boolean NOT NULL,
    name          text NOT NULL,
    PRIMARY KEY (calendar_code, year, version, day),
    CONSTRAINT calendar_day_year_exists FOREIGN KEY (calendar_code, year, version) REFERENCES calendar_year,
    CONSTRAINT calendar_day_within_year CHECK (extract(year FROM day) = year),
    CONSTRAINT calendar_day_opens_at_weekends CHECK (NOT open OR extract(isodow FROM day) > 5)
);
