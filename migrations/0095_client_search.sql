-- What is searched has neither blanks nor width: 欧阳娜娜 finds 欧阳 娜娜, and ＡＢＣ finds ABC. NFKC makes full-width characters and
-- the ideographic blank plain; what blanks are left, also those of no width, go. Name and number stay apart by a character that
-- neither has and no search can hold.
CREATE FUNCTION search_text(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(normalize(value, NFKC), E' \t\n\u000B\f\r\u0085\u200B\u200C\u200D\u2028\u2029\u2060\uFEFF', ''));

DROP INDEX client_search;
CREATE INDEX client_search ON client USING gin (search_grams(search_text(name) || E'\t' || search_text(client_no)))
    WITH (fastupdate = off);
