/*
 * routes.c - `sendingo routes`: what the server answers to, one line each, for the test that
 * compares it with the OpenAPI file.
 */
#include "api/api.h"
#include "cli/cli.h"

#include <stdio.h>

int routes_command(int argc, char **argv)
{
    static const char *const methods[] = {[HTTP_GET] = "GET",
                                          [HTTP_POST] = "POST",
                                          [HTTP_PUT] = "PUT",
                                          [HTTP_PATCH] = "PATCH",
                                          [HTTP_DELETE] = "DELETE"};
    (void)argc, (void)argv;
    for (size_t i = 0; i < api_route_count; i++)
        if (api_routes[i].operation)
            printf("%-6s %s %s\n", methods[api_routes[i].method], api_routes[i].path,
                   api_routes[i].operation);
    return 0;
}
