/*
 * status.c - what runs here, and the description of the API itself. Open to anybody.
 */
#include "api/handlers.h"

extern const char api_openapi[], api_openapi_end[]; /* openapi.json, embedded by the build */

int status_get(struct http_exchange *x)
{
    const struct api_app *app = api_app(x);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_str(&j, "name", STR("SendinGo"));
    json_put_str(&j, "version", STR(SENDINGO_VERSION));
    json_put_str(&j, "database",
                 store_engine(app->store) == STORE_SQLITE ? STR("sqlite") : STR("postgresql"));
    json_put_bool(&j, "practice", app->practice_url != NULL);
    json_put_i64(&j, "now", clock_now(app->clock));
    json_end_object(&j);
    return 200;
}

int openapi_get(struct http_exchange *x)
{
    buf_append(&x->response.body, api_openapi, (size_t)(api_openapi_end - api_openapi));
    return 200;
}
