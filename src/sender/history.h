/*
 * history.h - asking the gateway what became of calls: results of accepted ones, the fate of
 * unknown ones. Aligo pushes nothing, so all of it is polling, soon at first and then ever more
 * rarely.
 */
#ifndef SENDER_HISTORY_H
#define SENDER_HISTORY_H

#include "domain/request.h"
#include "sender/sender.h"

/* Looks after the next request that is due. True when there was one. */
bool history_look_once(const struct sender_config *config, struct db *db);

#endif
