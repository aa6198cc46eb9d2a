/*
 * verify.c - see verify.h. A check is a row of `checks`: what it is about, how many there are to
 * check, and the statement that finds the differences.
 *
 * Its columns are three numbers of a key, then kept and counted. Rules that are no counters say in
 * `kept` what stands in the row and in `counted` what ought to.
 */
#include "domain/verify.h"
#include "domain/message.h"
#include "domain/request.h"

#include <inttypes.h>

/* Both sides, each `SELECT k1, k2, k3, kept, counted`, put together: a counter without rows and
 * rows without a counter are differences too. */
#define COMPARE(kept_side, counted_side)                                                           \
    "SELECT k1, k2, k3, CAST(sum(kept) AS bigint), CAST(sum(counted) AS bigint) FROM (" kept_side  \
    " UNION ALL " counted_side ") AS sides GROUP BY k1, k2, k3"                                    \
    " HAVING sum(kept) <> sum(counted) ORDER BY k1, k2, k3"

#define KEPT(k1, k2, k3, n, table)                                                                 \
    "SELECT " k1 " AS k1, " k2 " AS k2, " k3 " AS k3, " n " AS kept, 0 AS counted FROM " table
#define COUNTED(k1, k2, k3, n, rest) "SELECT " k1 ", " k2 ", " k3 ", 0, " n " FROM " rest

/* The message m of a row r. */
#define OF_MESSAGE(r)                                                                              \
    "m.company_id = " r ".company_id AND m.campaign_id = " r ".campaign_id"                        \
    " AND m.ordinal = " r ".ordinal"

/* States and requests, as in the pictures of message_state.def and request.h; the numbers are
 * asserted below. */
#define STATES_WITHOUT_CALL "(1, 9, 10)"
_Static_assert(MESSAGE_QUEUED == 1 && MESSAGE_SKIPPED == 9 && MESSAGE_CANCELLED == 10, "as above");
_Static_assert(MESSAGE_SENDING == 2 && MESSAGE_ACCEPTED == 3 && MESSAGE_DELIVERED == 4 &&
                   MESSAGE_FAILED == 5 && MESSAGE_EXPIRED == 6 && MESSAGE_UNKNOWN == 7 &&
                   MESSAGE_UNSENT == 8 && MESSAGE_STATES == 11,
               "the statements below say so");
_Static_assert(REQUEST_CALLING == 1 && REQUEST_ACCEPTED == 2 && REQUEST_REFUSED == 3 &&
                   REQUEST_UNKNOWN == 4 && REQUEST_ABSENT == 5 && REQUEST_DONE == 6,
               "the statements below say so");

struct check {
    const char *name;        /* what ought to be equal, or to hold */
    const char *table;       /* whose key the numbers are */
    const char *size;        /* how many are checked */
    const char *differences; /* the rows that are wrong */
};

/* While an import waits for the user: its corrections. (What is derived from the file is compared
 * by the tests of domain/import_rows.) */
#define IMPORT_EDITS(column, condition)                                                            \
    {                                                                                              \
        "import." column, "import", "SELECT count(*) FROM import WHERE state = 'mapping'",         \
            COMPARE(KEPT("company_id", "id", "0", column, "import WHERE state = 'mapping'"),       \
                    COUNTED("r.company_id", "r.import_id", "0", "count(*)",                        \
                            "import_edit r JOIN import i ON i.company_id = r.company_id"           \
                            " AND i.id = r.import_id AND i.state = 'mapping' WHERE " condition     \
                            " GROUP BY r.company_id, r.import_id"))                                \
    }

/* No number is given out twice: the next one is higher than any in use. */
#define SEQUENCE(name)                                                                             \
    {                                                                                              \
        "sequence." name, "company", "SELECT count(*) FROM sequence WHERE name = '" name "'",      \
            "SELECT t.company_id, 0, 0, coalesce(q.next, 0), max(t.id) + 1 FROM " name             \
            " t LEFT JOIN sequence q ON q.company_id = t.company_id AND q.name = '" name           \
            "' GROUP BY t.company_id, q.next HAVING coalesce(q.next, 0) <= max(t.id)"              \
    }

static const struct check checks[] = {
    /* ---- messages by state, campaign and hour ---- */
    {"campaign_count.n", "campaign, state", "SELECT count(*) FROM campaign_count",
     COMPARE(KEPT("company_id", "campaign_id", "state", "n", "campaign_count"),
             COUNTED("company_id", "campaign_id", "state", "count(*)",
                     "message GROUP BY company_id, campaign_id, state"))},
    {"hour_count.n", "hour, state", "SELECT count(*) FROM hour_count",
     COMPARE(KEPT("company_id", "hour", "state", "n", "hour_count"),
             COUNTED("company_id", "hour", "state", "count(*)",
                     "message WHERE hour IS NOT NULL GROUP BY company_id, hour, state"))},
    {"hour_click.clicked", "hour", "SELECT count(*) FROM hour_click",
     COMPARE(KEPT("company_id", "hour", "0", "clicked", "hour_click"),
             COUNTED("company_id", "hour", "0", "count(first_click_at)",
                     "message WHERE hour IS NOT NULL GROUP BY company_id, hour"))},
    {"hour_click.delivered", "hour", "SELECT count(*) FROM hour_click",
     COMPARE(KEPT("company_id", "hour", "0", "delivered", "hour_click"),
             COUNTED("company_id", "hour", "0", "sum(tracked)",
                     "message WHERE hour IS NOT NULL AND state = 4 GROUP BY company_id, hour"))},
    {"hour_click.delivered_clicked", "hour", "SELECT count(*) FROM hour_click",
     COMPARE(KEPT("company_id", "hour", "0", "delivered_clicked", "hour_click"),
             COUNTED("company_id", "hour", "0", "count(first_click_at)",
                     "message WHERE hour IS NOT NULL AND state = 4 AND tracked = 1"
                     " GROUP BY company_id, hour"))},
    {"campaign.clicked", "campaign", "SELECT count(*) FROM campaign",
     COMPARE(KEPT("company_id", "id", "0", "clicked", "campaign"),
             COUNTED("company_id", "campaign_id", "0", "count(first_click_at)",
                     "message GROUP BY company_id, campaign_id"))},

    /* ---- every message in exactly one state, with what belongs to it ---- */
    {"message.state is one of the ten", "campaign, message", "SELECT count(*) FROM message",
     "SELECT company_id, campaign_id, ordinal, state, 1 FROM message"
     " WHERE state NOT BETWEEN 1 AND 10"},
    {"message.campaign_id is a campaign", "campaign, message", "SELECT count(*) FROM message",
     "SELECT company_id, campaign_id, ordinal, 1, 0 FROM message m WHERE NOT EXISTS"
     " (SELECT 1 FROM campaign c WHERE c.company_id = m.company_id AND c.id = m.campaign_id)"},
    {"message.phone once in a campaign", "campaign, message", "SELECT count(*) FROM message",
     "SELECT company_id, campaign_id, min(ordinal), count(*), 1 FROM message"
     " GROUP BY company_id, campaign_id, phone HAVING count(*) > 1"},
    {"message has one content", "campaign, message", "SELECT count(*) FROM message",
     COMPARE(KEPT("company_id", "campaign_id", "ordinal", "1", "message"),
             COUNTED("company_id", "campaign_id", "ordinal", "1", "message_content"))},
    {"message.hour belongs to a call", "campaign, message", "SELECT count(*) FROM message",
     "SELECT company_id, campaign_id, ordinal, CASE WHEN hour IS NULL THEN 0 ELSE 1 END,"
     " CASE WHEN state IN " STATES_WITHOUT_CALL " THEN 0 ELSE 1 END FROM message"
     " WHERE (hour IS NULL) <> (state IN " STATES_WITHOUT_CALL ")"},
    {"message.request_id belongs to a call", "campaign, message", "SELECT count(*) FROM message",
     "SELECT company_id, campaign_id, ordinal, CASE WHEN request_id IS NULL THEN 0 ELSE 1 END,"
     " CASE WHEN state IN " STATES_WITHOUT_CALL " THEN 0 ELSE 1 END FROM message"
     " WHERE (request_id IS NULL) <> (state IN " STATES_WITHOUT_CALL ")"},
    {"message.tracked says that there is a link", "campaign, message",
     "SELECT count(*) FROM message",
     COMPARE(KEPT("company_id", "campaign_id", "ordinal", "tracked", "message WHERE tracked <> 0"),
             COUNTED("company_id", "campaign_id", "ordinal", "1",
                     "link GROUP BY company_id, campaign_id, ordinal"))},

    /* ---- the ledger of calls ---- */
    {"message.state fits its request's", "campaign, message",
     "SELECT count(*) FROM message WHERE request_id IS NOT NULL",
     "SELECT m.company_id, m.campaign_id, m.ordinal, m.state, coalesce(r.state, 0) FROM message m"
     " LEFT JOIN request r ON r.company_id = m.company_id AND r.id = m.request_id"
     " AND r.campaign_id = m.campaign_id AND m.ordinal BETWEEN r.first_ordinal AND r.last_ordinal"
     " WHERE m.request_id IS NOT NULL AND coalesce(r.state * 100 + m.state, 0) NOT IN"
     " (102, 203, 204, 205, 305, 407, 508, 604, 605, 606)"},
    {"request.message_count", "request", "SELECT count(*) FROM request",
     /* After a refusal its messages may have gone, all at once; after an absence one by one, and a
      * late yes does not bring those back. */
     "SELECT r.company_id, r.id, 0, r.message_count, count(m.ordinal) FROM request r"
     " LEFT JOIN message m ON m.company_id = r.company_id AND m.campaign_id = r.campaign_id"
     " AND m.ordinal BETWEEN r.first_ordinal AND r.last_ordinal AND m.request_id = r.id"
     " GROUP BY r.company_id, r.id, r.message_count, r.state"
     " HAVING count(m.ordinal) <> r.message_count AND NOT (r.state = 3 AND count(m.ordinal) = 0)"
     " AND NOT (count(m.ordinal) < r.message_count AND (r.state = 5 OR EXISTS (SELECT 1"
     " FROM request_event e WHERE e.company_id = r.company_id AND e.request_id = r.id"
     " AND e.state = 5)))"},

    /* ---- clicks ---- */
    {"message.click_count", "campaign, message", "SELECT count(*) FROM message",
     COMPARE(KEPT("company_id", "campaign_id", "ordinal", "click_count",
                  "message WHERE click_count <> 0"),
             COUNTED("company_id", "campaign_id", "ordinal", "count(*)",
                     "click WHERE kind = 'person' GROUP BY company_id, campaign_id, ordinal"))},
    {"click belongs to a message", "campaign, message", "SELECT count(*) FROM click",
     "SELECT DISTINCT company_id, campaign_id, ordinal, 1, 0 FROM click c WHERE NOT EXISTS"
     " (SELECT 1 FROM message m WHERE " OF_MESSAGE("c") ")"},
    {"message.first_click_at", "campaign, message", "SELECT count(*) FROM message",
     COMPARE(KEPT("company_id", "campaign_id", "ordinal", "first_click_at",
                  "message WHERE first_click_at IS NOT NULL"),
             COUNTED("company_id", "campaign_id", "ordinal", "min(at)",
                     "click WHERE kind = 'person' GROUP BY company_id, campaign_id, ordinal"))},
    {"link belongs to a message", "campaign, message", "SELECT count(*) FROM link",
     "SELECT company_id, campaign_id, ordinal, 1, 0 FROM link l WHERE NOT EXISTS"
     " (SELECT 1 FROM message m WHERE " OF_MESSAGE("l") ")"},
    {"link leads somewhere", "campaign, message", "SELECT count(*) FROM link",
     "SELECT company_id, campaign_id, ordinal, 0, 1 FROM link l WHERE NOT EXISTS (SELECT 1"
     " FROM campaign_link t WHERE t.company_id = l.company_id AND t.campaign_id = l.campaign_id"
     " AND t.button = l.button)"},

    /* ---- contacts and groups ---- */
    {"contact_group.member_count", "group", "SELECT count(*) FROM contact_group",
     COMPARE(KEPT("company_id", "id", "0", "member_count", "contact_group"),
             COUNTED("company_id", "group_id", "0", "count(*)",
                     "group_member GROUP BY company_id, group_id"))},
    {"company.contact_count", "company", "SELECT count(*) FROM company",
     COMPARE(KEPT("id", "0", "0", "contact_count", "company"),
             COUNTED("company_id", "0", "0", "count(*)", "contact GROUP BY company_id"))},
    {"company.group_count", "company", "SELECT count(*) FROM company",
     COMPARE(KEPT("id", "0", "0", "group_count", "company"),
             COUNTED("company_id", "0", "0", "count(*)", "contact_group GROUP BY company_id"))},
    {"company.campaign_count", "company", "SELECT count(*) FROM company",
     COMPARE(KEPT("id", "0", "0", "campaign_count", "company"),
             COUNTED("company_id", "0", "0", "count(*)", "campaign GROUP BY company_id"))},
    {"campaign_group belongs to a campaign", "campaign, group",
     "SELECT count(*) FROM campaign_group",
     "SELECT company_id, campaign_id, group_id, 1, 0 FROM campaign_group r WHERE NOT EXISTS"
     " (SELECT 1 FROM campaign c WHERE c.company_id = r.company_id AND c.id = r.campaign_id)"},
    {"contact_past_phone belongs to a contact", "contact",
     "SELECT count(*) FROM contact_past_phone",
     "SELECT company_id, contact_id, 0, 1, 0 FROM contact_past_phone p WHERE NOT EXISTS"
     " (SELECT 1 FROM contact c WHERE c.company_id = p.company_id AND c.id = p.contact_id)"},
    {"contact.phone once in a company", "contact", "SELECT count(*) FROM contact",
     "SELECT company_id, min(id), 0, count(*), 1 FROM contact GROUP BY company_id, phone"
     " HAVING count(*) > 1"},
    {"group_member joins a contact and a group", "group, contact",
     "SELECT count(*) FROM group_member",
     "SELECT company_id, group_id, contact_id, 1, 0 FROM group_member m WHERE NOT EXISTS"
     " (SELECT 1 FROM contact c WHERE c.company_id = m.company_id AND c.id = m.contact_id)"
     " OR NOT EXISTS (SELECT 1 FROM contact_group g WHERE g.company_id = m.company_id"
     " AND g.id = m.group_id)"},
    {"a company has one default group", "company", "SELECT count(*) FROM company",
     COMPARE(KEPT("id", "0", "0", "1", "company"),
             COUNTED("company_id", "0", "0", "count(*)",
                     "contact_group WHERE is_default = 1 GROUP BY company_id"))},
    {"the default group holds those in no other", "contact", "SELECT count(*) FROM contact",
     /* kept: memberships in the default group; counted: 1 when there is no other */
     "SELECT c.company_id, c.id, 0, coalesce(sum(g.is_default), 0),"
     " CASE WHEN coalesce(sum(1 - g.is_default), 0) = 0 THEN 1 ELSE 0 END FROM contact c"
     " LEFT JOIN group_member m ON m.company_id = c.company_id AND m.contact_id = c.id"
     " LEFT JOIN contact_group g ON g.company_id = m.company_id AND g.id = m.group_id"
     " GROUP BY c.company_id, c.id HAVING coalesce(sum(g.is_default), 0) <>"
     " CASE WHEN coalesce(sum(1 - g.is_default), 0) = 0 THEN 1 ELSE 0 END"},

    /* ---- imports ---- */
    IMPORT_EDITS("edited_count", "r.cells IS NOT NULL"),
    IMPORT_EDITS("dropped_count", "r.dropped = 1"),
    {"import: verdicts add up to rows", "import", "SELECT count(*) FROM import",
     "SELECT company_id, id, 0, row_count, ok_count + repaired_count + duplicate_count +"
     " error_count FROM import WHERE row_count <> ok_count + repaired_count + duplicate_count +"
     " error_count"},
    {"import: results add up to rows", "import", "SELECT count(*) FROM import",
     "SELECT company_id, id, 0, row_count, created + updated + kept + skipped FROM import"
     " WHERE state = 'confirmed' AND row_count <> created + updated + kept + skipped"},
    {"import: nothing to undo without a running import", "import, contact",
     "SELECT count(*) FROM import_chunk",
     "SELECT u.company_id, u.import_id, u.first_id, 1, 0 FROM import_chunk u JOIN import i"
     " ON i.company_id = u.company_id AND i.id = u.import_id"
     " WHERE i.state NOT IN ('importing', 'cancelling', 'confirmed')"},

    /* ---- numbers given out ---- */
    SEQUENCE("contact"),
    SEQUENCE("contact_group"),
    SEQUENCE("suppression"),
    SEQUENCE("import"),
    SEQUENCE("template"),
    SEQUENCE("campaign"),
    SEQUENCE("request"),
    SEQUENCE("sender_profile"),
    SEQUENCE("user_account"),
};

const char *verify_check_name(size_t index)
{
    return index < COUNT_OF(checks) ? checks[index].name : NULL;
}

/* Runs one check; returns how many differences it printed. */
static int64_t check_run(struct db *db, const struct check *c, FILE *out)
{
    int64_t found = 0;
    DB_ROWS(rows);
    db_query(db, &rows, c->differences, DB_NO_ARGS);
    for (; db_next(&rows); found++)
        fprintf(out,
                "%s: company %" PRId64 ", %s %" PRId64 "/%" PRId64 ": kept %" PRId64
                ", counted %" PRId64 "\n",
                c->name, db_i64(&rows, 0), c->table, db_i64(&rows, 1), db_i64(&rows, 2),
                db_i64(&rows, 3), db_i64(&rows, 4));
    return found;
}

bool verify_all(struct store *store, FILE *out)
{
    struct db *db = store_borrow(store);
    if (!db)
        return false;
    int64_t size = 0, differences = 0;
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        size += db_get_i64(db, 0, checks[i].size, DB_NO_ARGS);
        differences += check_run(db, &checks[i], out);
    }
    bool failed = db_failed(db);
    store_return(&db);
    if (failed)
        fprintf(out, "the database could not be read to its end\n");
    fprintf(out, "%" PRId64 " counters checked, %" PRId64 " differences\n", size, differences);
    return !failed && differences == 0;
}
