ALTER TABLE previews ADD COLUMN maker text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE previews ADD COLUMN shared bigint NOT NULL DEFAULT 1;

-- A link had no maker yet; most were made by whose draft it was.
UPDATE previews SET maker = (SELECT editor FROM drafts WHERE drafts.id = previews.draft);
DELETE FROM previews WHERE draft IN (SELECT id FROM drafts WHERE state <> 'open')
    OR maker IN (SELECT id FROM editors WHERE disabled <> 0);
CREATE INDEX previews_of_maker ON previews (maker, until);
