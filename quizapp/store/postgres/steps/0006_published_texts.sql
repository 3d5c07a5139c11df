-- The bank's text as it was published, where it is not the one that its revision had first.
CREATE TABLE published_texts (
    publication bigint PRIMARY KEY REFERENCES publications (number),
    content text COLLATE "C" NOT NULL
);
