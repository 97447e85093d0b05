// OAI-PMH 2.0 at /oai: each published Manifest is a record in Dublin Core, each Collection a set of those that hang in it. What changed and what was deleted comes from the change log.

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <limits>

#include <fmt/format.h>

#include "api/oai_request.h"
#include "api/oai_xml.h"
#include "api/services.h"
#include "api/site/html.h"
#include "base/timestamp.h"
#include "base/uri.h"
#include "discovery/changed_items.h"
#include "http/address.h"
#include "ingest/crosswalk.h"
#include "presentation/addresses.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using base::Result;
using discovery::ChangedItem;
using http::ExchangePtr;
using http::Parameters;
using http::Response;
using oai::element;
using oai::Question;
using oai::Token;
using oai::Verb;

constexpr std::size_t kPageSize = 100;
constexpr std::uint64_t kLongestForm = 16'384;
constexpr std::string_view kPrefix = "oai_dc";

// The labels that the crosswalk's table gives to what Dublin Core knows, in each of its languages.
const oai::ElementsByLabel& elements_by_label() {
  static const oai::ElementsByLabel kElements = [] {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kFields = {{{"creator", "creator"},
                                                                                        {"contributor", "contributor"},
                                                                                        {"date", "date"},
                                                                                        {"created", "date"},
                                                                                        {"issued", "date"},
                                                                                        {"subject", "subject"},
                                                                                        {"publisher", "publisher"},
                                                                                        {"type", "type"},
                                                                                        {"format", "format"},
                                                                                        {"medium", "format"},
                                                                                        {"extent", "format"},
                                                                                        {"identifier", "identifier"},
                                                                                        {"source", "source"},
                                                                                        {"language", "language"},
                                                                                        {"relation", "relation"},
                                                                                        {"coverage", "coverage"},
                                                                                        {"spatial", "coverage"},
                                                                                        {"temporal", "coverage"}}};
    oai::ElementsByLabel out{
        {"author", "creator"}, {"verfasser", "creator"}, {"artist", "creator"}, {"title", "title"}, {"titel", "title"}};
    for (const auto& [field, name] : kFields) {
      out.emplace(field, name);
      const ingest::CrosswalkRow* row = ingest::Crosswalk::standard()->find("csv", field);
      if (row == nullptr) continue;
      for (const auto& [language, labels] : row->label.entries()) {
        for (std::string label : labels) {
          std::transform(label.begin(), label.end(), label.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
          out.emplace(std::move(label), name);
        }
      }
    }
    return out;
  }();
  return kElements;
}

tl::unexpected<base::Error> wrong(std::string_view code, std::string_view sentence) {
  return base::fail(ErrorCode::invalid_argument, fmt::format("{} {}", code, sentence));
}

class Oai {
 public:
  Oai(const Services& services, const http::Request& request)
      : services_(services),
        request_(request),
        addresses_(request.base_url, presentation::Style::neutral, presentation::Version::v3) {}

  // The whole answer; errors of the protocol are answers, too (3.6).
  Result<std::string> answer(std::string_view query) {
    auto question = oai::read_question(query);
    if (!question) return envelope({}, error(question.error()));
    auto body = verb(*question);
    const bool theirs = !body && body.error().code == ErrorCode::invalid_argument;
    if (!body && !theirs) return base::fail(std::move(body.error()));
    return envelope(*question, body ? *body : error(body.error()));
  }

 private:
  static std::string error(const base::Error& error) {
    const std::size_t blank = error.message.find(' ');
    return fmt::format("<error code=\"{}\">{}</error>", oai::escape(error.message.substr(0, blank)),
                       oai::escape(error.message.substr(blank + 1)));
  }

  std::string envelope(const Question& question, std::string_view body) const {
    const bool refused = body.starts_with("<error code=\"badVerb\"") || body.starts_with("<error code=\"badArgument\"");
    std::string asked;
    if (!refused) {
      for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"verb", name_of(question.verb)},
                                        {"identifier", question.identifier},
                                        {"metadataPrefix", question.prefix},
                                        {"set", question.set},
                                        {"from", question.from},
                                        {"until", question.until},
                                        {"resumptionToken", question.token}}) {
        if (!value.empty()) asked += fmt::format(" {}=\"{}\"", name, oai::escape(value));
      }
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
        "xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd\">"
        "<responseDate>{}</responseDate><request{}>{}</request>{}</OAI-PMH>\n",
        base::utc_text(now()), asked, oai::escape(request_.base_url + "/oai"), body);
  }

  // Identify must name somebody: by RFC 2142 there is a postmaster.
  std::string contact() const {
    return services_.contact.empty() ? "postmaster@" + site::host_of(request_.base_url) : services_.contact;
  }

  static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  Result<std::string> verb(const Question& question) {
    switch (question.verb) {
      case Verb::identify: return identify();
      case Verb::list_metadata_formats: return formats(question);
      case Verb::list_sets: return sets(question);
      case Verb::list_identifiers:
      case Verb::list_records: return list(question);
      case Verb::get_record: return one(question);
      case Verb::none: break;
    }
    return wrong("badVerb", "There is no such verb.");
  }

  Result<std::string> identify() const {
    auto first = services_.changes.earliest();
    if (!first) return base::fail(std::move(first.error()));
    std::string name = services_.site_name.get().best("en").value;
    if (name.empty()) name = "Armarium";
    return "<Identify>" + element("repositoryName", name) + element("baseURL", request_.base_url + "/oai") +
           element("protocolVersion", "2.0") + element("adminEmail", contact()) +
           element("earliestDatestamp", base::utc_text(first->value_or(now() * 1000) / 1000)) +
           element("deletedRecord", "persistent") + element("granularity", "YYYY-MM-DDThh:mm:ssZ") + "</Identify>";
  }

  Result<std::string> formats(const Question& question) const {
    if (!question.identifier.empty()) {
      auto known = item_named(question.identifier);
      if (!known) return base::fail(std::move(known.error()));
    }
    return std::string(
        "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>http://"
        "www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
        "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat></"
        "ListMetadataFormats>");
  }

  Result<std::string> sets(const Question& question) const {
    Token token;
    if (!question.token.empty()) {
      auto read = oai::read_token(question.token);
      if (!read) return base::fail(std::move(read.error()));
      token = std::move(*read);
    }
    std::string out;
    std::string next = token.cursor;
    for (std::size_t found = 0; found < kPageSize;) {
      auto members = services_.catalogue.everything(next, kPageSize, request_.principal);
      if (!members) return base::fail(std::move(members.error()));
      for (const catalogue::Member& member : *members) {
        if (member.kind != catalogue::ItemKind::collection || member.identifier.empty()) continue;
        out += "<set>" + element("setSpec", oai::set_of(member.identifier)) +
               element("setName", member.label.best("en").value) + "</set>";
        ++found;
      }
      next = members->size() < kPageSize ? std::string() : catalogue::Catalogue::cursor_of(members->back());
      if (next.empty()) break;
    }
    if (out.empty()) return wrong("noSetHierarchy", "There are no Collections here.");
    if (!next.empty())
      out += element("resumptionToken", oai::write_token({.cursor = next}));
    else if (!question.token.empty())
      out += "<resumptionToken/>";
    return "<ListSets>" + out + "</ListSets>";
  }

  Result<std::string> list(const Question& question) const {
    Token token{.prefix = question.prefix, .set = question.set, .from = question.from, .until = question.until};
    if (!question.token.empty()) {
      auto read = oai::read_token(question.token);
      if (!read) return base::fail(std::move(read.error()));
      token = std::move(*read);
    }
    if (token.prefix != kPrefix) return wrong("cannotDisseminateFormat", "The only format here is oai_dc.");
    auto from = token.from.empty() ? Result<std::int64_t>(0) : oai::read_time(token.from, false);
    if (!from) return base::fail(std::move(from.error()));
    auto until = token.until.empty() ? Result<std::int64_t>(std::numeric_limits<std::int64_t>::max())
                                     : oai::read_time(token.until, true);
    if (!until) return base::fail(std::move(until.error()));
    const bool whole = question.verb == Verb::list_records;
    const std::string set = oai::identifier_of_set(token.set);
    std::string out;
    do {
      auto changed = services_.changes.list(store::Kind::manifest, *from, *until, token.place, kPageSize);
      if (!changed) return base::fail(std::move(changed.error()));
      for (const ChangedItem& item : changed->items) out += record(item, whole, token.set.empty() ? nullptr : &set);
      token.place = changed->next;
    } while (out.empty() && token.place != 0);
    if (out.empty()) return wrong("noRecordsMatch", "Nothing here fits these arguments.");
    if (token.place != 0)
      out += element("resumptionToken", oai::write_token(token));
    else if (!question.token.empty())
      out += "<resumptionToken/>";
    return fmt::format("<{0}>{1}</{0}>", name_of(question.verb), out);
  }

  Result<std::string> one(const Question& question) const {
    auto item = item_named(question.identifier);
    if (!item) return base::fail(std::move(item.error()));
    if (question.prefix != kPrefix) return wrong("cannotDisseminateFormat", "The only format here is oai_dc.");
    return "<GetRecord>" + record(*item, true, nullptr) + "</GetRecord>";
  }

  // The identifier of a record is the address of its Manifest.
  Result<ChangedItem> item_named(const std::string& identifier) const {
    const auto missing = [] { return wrong("idDoesNotExist", "There is no such record here."); };
    const std::string start = request_.base_url + "/iiif/";
    constexpr std::string_view kEnd = "/manifest";
    if (!identifier.starts_with(start) || !identifier.ends_with(kEnd) ||
        identifier.size() <= start.size() + kEnd.size())
      return missing();
    const auto name =
        base::percent_decode(identifier.substr(start.size(), identifier.size() - start.size() - kEnd.size()));
    if (!name) return missing();
    auto found = services_.changes.find({store::Kind::manifest, *name});
    if (!found) return base::fail(std::move(found.error()));
    if (!*found) return missing();
    return std::move(**found);
  }

  // Empty for what is not in the set.
  std::string record(const ChangedItem& item, bool whole, const std::string* set) const {
    auto manifest = item.deleted ? Result<catalogue::Manifest>(base::fail(ErrorCode::gone, ""))
                                 : services_.catalogue.manifest(item.item.identifier, request_.principal);
    const std::string address = addresses_.manifest(item.item.identifier);
    std::string header = element("identifier", address) + element("datestamp", base::utc_text(item.time / 1000));
    if (!manifest) {
      // Of what is gone nobody knows the sets any more: every set names it.
      header = "<header status=\"deleted\">" + header + "</header>";
      return whole ? "<record>" + header + "</record>" : header;
    }
    bool is_in = set == nullptr;
    for (const catalogue::Member& parent : manifest->parents) {
      if (parent.identifier.empty()) continue;
      header += element("setSpec", oai::set_of(parent.identifier));
      is_in = is_in || parent.identifier == *set;
    }
    if (!is_in) return {};
    header = "<header>" + header + "</header>";
    if (!whole) return header;
    return "<record>" + header + "<metadata>" +
           oai::dublin_core(manifest->description, {addresses_.item(item.item.identifier), address}, "Image",
                            elements_by_label()) +
           "</metadata></record>";
  }

  const Services& services_;
  const http::Request& request_;
  const presentation::Addresses addresses_;
};

// Identifiers must stay, and nothing that is not whole may look as if it were.
Result<> may_answer(const Services& services, const http::Request& request) {
  if (services.public_url.empty() && !http::is_loopback(request.local))
    return base::fail(ErrorCode::forbidden, "OAI-PMH needs --public-url, so that identifiers stay.");
  const ingest::LibraryStatus status = services.library.status();
  auto open = services.stream.is_open(status.first_scan_done && status.pending == 0);
  if (!open) return base::fail(open.error());
  if (*open) return {};
  return base::fail({ErrorCode::not_ready, "OAI-PMH answers when everything has been looked at.", {}, 5});
}

void answer(const Services& services, const ExchangePtr& exchange, std::string query) {
  later(services, exchange, base::Lane::tile, [&services, exchange, query = std::move(query)]() -> Result<Response> {
    if (auto may = may_answer(services, exchange->request()); !may) return base::fail(may.error());
    auto text = Oai(services, exchange->request()).answer(query);
    if (!text) return base::fail(std::move(text.error()));
    Response response;
    response.headers.set("Content-Type", "text/xml; charset=utf-8");
    response.headers.set("Cache-Control", "no-cache");
    response.body = std::move(*text);
    response.timing.plan = "oai";
    return response;
  });
}

}  // namespace

void add_oai_routes(http::Router& router, const Services& services) {
  router.add("GET", "/oai", "oai", [&services](const ExchangePtr& exchange, const Parameters&) {
    answer(services, exchange, exchange->request().query);
  });
  // 3.1.1.2: the same arguments as a form.
  router.add("POST", "/oai", "oai", [&services](const ExchangePtr& exchange, const Parameters&) {
    exchange->read_body(kLongestForm, [&services, exchange](Result<base::Bytes> body) {
      if (!body) return refuse(services, exchange, body.error());
      answer(services, exchange, std::string(base::as_text(*body)));
    });
  });
}

}  // namespace armarium::api
