-- How far each subscriber has come in the outbox. Its effects and its position commit together.
CREATE TABLE event_position (
    consumer   text PRIMARY KEY,
    position   bigint NOT NULL,
    updated_at timestamptz NOT NULL
);
