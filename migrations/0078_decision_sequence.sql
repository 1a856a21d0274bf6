-- Decisions have an order: two of one client and kind that are made within a millisecond have ids that do not say which came
-- first, and the last one is what the next is compared with.
--
-- With them go the rows of `tier_assignment`, which no code reads since periods are derived: each is what was decided about a
-- client's tier at an instant, with inputs, reasons and policy. Two things of a row are dropped: `rung_since`, which is the
-- day in `inputs` or the day of the decision, and the end of its period, which is when the next decision was made. Ids stay.
-- Under today's rules these conclude again what they concluded, but for a fall after grace to a rung that the average was
-- below as well: that was `settled` and is `in_grace` now. The row keeps what was said then.
ALTER TABLE decision ADD COLUMN sequence bigint;

INSERT INTO decision (client_id, decision_id, kind, result, reasons, basis, as_of, inputs, decided_at)
SELECT t.client_id, t.tier_assignment_id, 'tier',
       -- The one form in which results are compared: members in the order of their names, no spaces.
       format('{"rung":%s,"service_level":"%s","status":"%s","tier":"%s"}', to_json(t.rung), t.service_level, t.standing, t.tier)::json,
       t.reasons::json,
       format('[{"id":null,"kind":"policy:tier","version":%s}]', p.version)::json,
       (t.inputs ->> 'as_of')::date, t.inputs::json, lower(t.valid_during)
FROM tier_assignment t JOIN policy p ON p.policy_id = t.tier_policy_id;

UPDATE decision d SET sequence = n.sequence
FROM (SELECT client_id, decision_id, row_number() OVER (ORDER BY decided_at, decision_id) AS sequence FROM decision) n
WHERE n.client_id = d.client_id AND n.decision_id = d.decision_id;
ALTER TABLE decision ALTER COLUMN sequence SET NOT NULL;
ALTER TABLE decision ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('decision', 'sequence'), coalesce(max(sequence), 0) + 1, FALSE) FROM decision;
ALTER TABLE decision ADD CONSTRAINT decision_sequence_unique UNIQUE (client_id, sequence);
DROP INDEX decision_by_kind;
CREATE INDEX decision_by_kind ON decision (client_id, kind, sequence DESC);

DROP TABLE tier_assignment;
