#pragma once
// What the handlers are given: references to the services of one server, valid as long as it runs, and the way to put work on the pool. A handler runs on an
// I/O thread; what it hands to `later` runs on a pool thread and may block.

#include <functional>
#include <string>

#include "annotation/states.h"
#include "api/client_budget.h"
#include "api/found_damage.h"
#include "api/site_name.h"
#include "base/metrics.h"
#include "base/work_pool.h"
#include "catalogue/catalogue.h"
#include "discovery/changed_items.h"
#include "discovery/stream.h"
#include "http/accounts.h"
#include "http/exchange.h"
#include "http/problem.h"
#include "http/router.h"
#include "ingest/library.h"
#include "pipeline/memory_budget.h"
#include "pipeline/pipeline.h"
#include "presentation/documents.h"
#include "source/source.h"

namespace armarium::api {

namespace site {
class Renderer;
}

class Access;

struct Services {
  catalogue::Catalogue& catalogue;
  ingest::Library& library;
  pipeline::Pipeline& pipeline;
  presentation::Documents& documents;
  discovery::Stream& stream;
  discovery::ChangedItems& changes;
  annotation::States& states;
  const site::Renderer& site;
  const source::Source& source;
  FoundDamage& damage;
  SiteName& site_name;
  ClientBudget& budget;
  pipeline::MemoryBudget& large_memory;
  Access& access;  // who asks, and what they may do: api/access.h
  base::WorkPool& pool;
  const base::Metrics& metrics;
  const http::Accounts& accounts;  // where the time of answers went
  http::ErrorPage error_page;      // for browsers
  std::chrono::seconds request_time{60};

  std::string version;     // of the program
  std::string public_url;  // empty where none was given
  std::string contact{};   // an e-mail address for harvesters; empty where none was given
};

extern const base::Error kBusy;  // the answer when a lane is full

using Work = std::function<base::Result<http::Response>()>;

// Runs `work` on the pool and answers with what it gives. A full lane, a token that is cancelled before the work begins and an Error are answered too.
void later(const Services& services, const http::ExchangePtr& exchange, base::Lane lane, Work work);

// Answers with an Error, as problem document or page.
void refuse(const Services& services, const http::ExchangePtr& exchange, const base::Error& error);

// Makes sure that the catalogue's answer about an identifier is not behind the disk, however it is spelled ("maps/atlas" is a path, "ark:/1/2" is not).
base::Result<> ensure_item(const Services& services, const std::string& identifier, const base::CancelToken& cancel);
base::Result<> ensure_asset(const Services& services, const std::string& identifier, const base::CancelToken& cancel);

// An asset by its own identifier, or by an older, outside or differently spelled one that stands for it.
base::Result<catalogue::Asset> find_asset(const Services& services, const std::string& identifier,
                                          const base::Principal& who, const base::CancelToken& cancel);

// An entity tag as a header spells it.
inline std::string entity_tag(std::string_view hash) { return '"' + std::string(hash) + '"'; }

// The tag of a document: the revision is what If-Match asks for, the rest tells representations apart.
inline std::string revision_tag(catalogue::Revision revision, std::string_view hash) {
  return entity_tag('r' + std::to_string(revision) + '-' + std::string(hash));
}

// The token of a request with the server's deadline.
base::CancelToken deadline_of(const Services& services, const http::Exchange& exchange);

// Each family of addresses adds its routes.
void add_image_routes(http::Router& router, const Services& services);
void add_presentation_routes(http::Router& router, const Services& services);
void add_writing_routes(http::Router& router, const Services& services);
void add_part_writing_routes(http::Router& router, const Services& services);
void add_history_routes(http::Router& router, const Services& services);
void add_discovery_routes(http::Router& router, const Services& services);
void add_oai_routes(http::Router& router, const Services& services);
void add_rendering_routes(http::Router& router, const Services& services);
void add_media_routes(http::Router& router, const Services& services);
void add_kept_state_routes(http::Router& router, const Services& services);
void add_content_state_routes(http::Router& router, const Services& services);
void add_site_routes(http::Router& router, const Services& services);

}  // namespace armarium::api
