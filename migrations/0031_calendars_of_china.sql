-- Working and trading days of mainland China, 2024 to 2027. 2024 to 2026 as the State Council's general office announced
-- them; 2027 is worked out from the lunar calendar and provisional: its make-up days are not announced. The exchanges
-- close on every weekend and holiday, and were closed on 9 February 2024 beside: a make-up Saturday is a working day and
-- no trading day.
INSERT INTO calendar (code, kind, name_en, name_zh) VALUES
    ('cn-working', 'working', 'Working days of mainland China', '中国内地工作日'),
    ('cn-trading', 'trading', 'Trading days of the Shanghai and Shenzhen exchanges', '沪深交易所交易日');

INSERT INTO calendar_period (calendar_code, opens_at, closes_at) VALUES
    ('cn-working', '09:00', '12:00'), ('cn-working', '13:00', '17:30'),
    ('cn-trading', '09:30', '11:30'), ('cn-trading', '13:00', '15:00');

INSERT INTO calendar_year (calendar_code, year, version, status, source, loaded_at, loaded_by)
SELECT code, year, 1, CASE WHEN year < 2027 THEN 'official' ELSE 'provisional' END,
       CASE WHEN year < 2027 THEN '国务院办公厅关于' || year || '年部分节假日安排的通知' ELSE '依农历推算，待国务院办公厅通知' END,
       now(), 'system:migration'
FROM calendar, generate_series(2024, 2027) AS years (year);

INSERT INTO calendar_day (calendar_code, year, version, day, open, name)
SELECT code, extract(year FROM day)::integer, 1, day::date, FALSE, name
FROM calendar, (VALUES
    ('2024-01-01', '2024-01-01', '元旦'), ('2024-02-10', '2024-02-17', '春节'), ('2024-04-04', '2024-04-06', '清明节'),
    ('2024-05-01', '2024-05-05', '劳动节'), ('2024-06-08', '2024-06-10', '端午节'), ('2024-09-15', '2024-09-17', '中秋节'),
    ('2024-10-01', '2024-10-07', '国庆节'),
    ('2025-01-01', '2025-01-01', '元旦'), ('2025-01-28', '2025-02-04', '春节'), ('2025-04-04', '2025-04-06', '清明节'),
    ('2025-05-01', '2025-05-05', '劳动节'), ('2025-05-31', '2025-06-02', '端午节'), ('2025-10-01', '2025-10-08', '国庆节、中秋节'),
    ('2026-01-01', '2026-01-03', '元旦'), ('2026-02-15', '2026-02-23', '春节'), ('2026-04-04', '2026-04-06', '清明节'),
    ('2026-05-01', '2026-05-05', '劳动节'), ('2026-06-19', '2026-06-21', '端午节'), ('2026-09-25', '2026-09-27', '中秋节'),
    ('2026-10-01', '2026-10-07', '国庆节'),
    ('2027-01-01', '2027-01-01', '元旦'), ('2027-02-05', '2027-02-12', '春节'), ('2027-04-05', '2027-04-05', '清明节'),
    ('2027-05-01', '2027-05-05', '劳动节'), ('2027-06-09', '2027-06-09', '端午节'), ('2027-09-15', '2027-09-15', '中秋节'),
    ('2027-10-01', '2027-10-07', '国庆节')
) AS holiday (first, last, name), generate_series(first::date, last::date, '1 day') AS days (day);

INSERT INTO calendar_day (calendar_code, year, version, day, open, name)
VALUES ('cn-trading', 2024, 1, '2024-02-09', FALSE, '休市');

INSERT INTO calendar_day (calendar_code, year, version, day, open, name)
SELECT 'cn-working', extract(year FROM day)::integer, 1, day, TRUE, '调休上班'
FROM unnest(ARRAY[
    '2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12',
    '2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11',
    '2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'
]::date[]) AS made_up (day);
