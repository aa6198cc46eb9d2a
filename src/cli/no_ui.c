/*
 * no_ui.c - stands in for the page in builds without it (-Dui=false): no files.
 */
#include "http/assets.h"

const struct http_asset ui_assets[1] = {{0}};
const size_t ui_asset_count = 0;
