// libpq's header, and a table of the functions that are used: the library is opened at run time, so that commands on
// another engine start without it. Each entry has the type that the header declares; a name that is wrong does not
// compile.
#pragma once
#include <dlfcn.h>
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

#if __has_include(<postgresql/pg_config.h>)
#include <postgresql/pg_config.h>
#else
#include <pg_config.h>
#endif

// The version of these headers: 150018 is 15.18.
static inline int orch_pq_header_version(void) { return PG_VERSION_NUM; }

#define ORCH_PQ_FUNCTIONS(X)                                                                                    \
  X(backendPID) X(clear) X(conninfo) X(conninfoFree) X(conninfoParse) X(connectPoll) X(connectStartParams)      \
  X(connectionNeedsPassword) X(consumeInput) X(enterPipelineMode) X(errorMessage) X(finish) X(flush) X(freemem) \
  X(getResult) X(getisnull) X(getlength) X(getvalue) X(host) X(isBusy) X(libVersion) X(notifies) X(ntuples)     \
  X(parameterStatus) X(pipelineSync) X(resultErrorField) X(resultStatus) X(sendPrepare)                 \
  X(sendQueryParams) X(sendQueryPrepared) X(setErrorVerbosity) X(setNoticeReceiver) X(setnonblocking) X(socket) \
  X(sslInUse) X(status)

typedef struct {
#define ORCH_PQ_FIELD(name) __typeof__(PQ##name) *name;
  ORCH_PQ_FUNCTIONS(ORCH_PQ_FIELD)
#undef ORCH_PQ_FIELD
} orch_pq;

// Fills the table from an open library. Returns the name of a function that is missing, or NULL.
static inline const char *orch_pq_load(orch_pq *table, void *library) {
#define ORCH_PQ_ENTRY(name) \
  if (!(table->name = (__typeof__(table->name))dlsym(library, "PQ" #name))) return "PQ" #name;
  ORCH_PQ_FUNCTIONS(ORCH_PQ_ENTRY)
#undef ORCH_PQ_ENTRY
  return 0;
}

static inline void orch_pq_ignore(void *unused, const PGresult *notice) {}

// Notices go nowhere: what matters comes as an error.
static inline void orch_pq_silence(orch_pq table, PGconn *connection) {
  table.setNoticeReceiver(connection, orch_pq_ignore, 0);
}
