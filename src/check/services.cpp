#include "check/services.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "check/values.h"

namespace armarium::check {
namespace {

constexpr std::string_view kServices = "Presentation 3.0, 3.3.1 service";
constexpr std::string_view kAuth = "Authorization Flow 2.0";
constexpr std::string_view kAuth1 = "Authentication 1.0";

std::string_view text_of_any(const json::Object& object, std::string_view key) {
  const std::string at = "@" + std::string(key);
  const std::string_view plain = json::text_of(object, key);
  return plain.empty() ? json::text_of(object, at) : plain;
}

// "level2" of "http://iiif.io/api/image/2/level2.json"
std::string_view level_of(std::string_view profile) {
  const std::size_t slash = profile.rfind('/');
  std::string_view level = slash == std::string_view::npos ? profile : profile.substr(slash + 1);
  if (level.ends_with(".json")) level.remove_suffix(5);
  return level;
}

bool is_level(std::string_view text) { return text == "level0" || text == "level1" || text == "level2"; }

std::vector<const json::Object*> inner_services(const json::Object& service) {
  std::vector<const json::Object*> out;
  const json::Value* value = service.if_contains("service");
  if (value == nullptr) return out;
  if (const json::Object* one = value->if_object()) out.push_back(one);
  if (const json::Array* array = value->if_array()) {
    for (const json::Value& item : *array) {
      if (const json::Object* one = item.if_object()) out.push_back(one);
    }
  }
  return out;
}

class ServiceCheck {
 public:
  ServiceCheck(Report& report, Inside document) : report_(report), document_(document) {}

  void run(const json::Value& value, const Place& place, std::string_view inside) {
    const json::Object* service = value.if_object();
    if (service == nullptr) {
      if (document_ == Inside::version_2 && value.is_string()) return;  // by its address
      return report_.must(place, kServices, "A service must be an object with an id and a type.");
    }
    const std::string type(text_of_any(*service, "type"));
    const std::string profile(json::text_of(*service, "profile"));
    shape(*service, type, profile, place, inside);
    image(*service, type, place);
    search(*service, type, profile, place, inside);
    if (type.starts_with("Auth") && type.ends_with("2")) auth_2(*service, type, profile, place, inside);
    const bool stub = profile.empty() && service->size() <= 2;  // said in full elsewhere
    const bool first = json::text_of(*service, "@context") == "http://iiif.io/api/auth/1/context.json" ||
                       profile.find("/api/auth/") != std::string::npos;
    if ((first || (type.starts_with("Auth") && type.ends_with("1"))) && !stub) auth_1(*service, profile, place, inside);
    inside_of(*service, type, place);
  }

 private:
  void shape(const json::Object& service, std::string_view type, std::string_view profile, const Place& place,
             std::string_view inside) {
    const bool mixed = service.contains("id") && service.contains("@type");
    const bool other = service.contains("@id") && service.contains("type");
    if (mixed || other)
      report_.must(place, kServices, "A service must use either id and type, or @id and @type, not one of each.");
    const std::string_view id = text_of_any(service, "id");
    const bool external = type == "AuthAccessService2" || json::text_of(service, "profile").ends_with("/external");
    // Version 2 lets a service say all that it has to say in place.
    const bool api = profile.find("/api/image") != std::string_view::npos ||
                     profile.find("/api/auth") != std::string_view::npos ||
                     profile.find("/api/search") != std::string_view::npos;
    const bool in_place = document_ == Inside::version_2 && !api;
    if (id.empty() && !external && !in_place) report_.must(place, kServices, "A service must have an id.");
    if (!id.empty()) {
      if (auto fault = uri_fault(json::Value(id)))
        report_.must(place, kServices, fmt::format("The id of a service {}.", *fault));
    }
    if (document_ == Inside::version_2) {
      const bool known = profile.find("iiif.io/api/") != std::string_view::npos || type.starts_with("Image") ||
                         type.starts_with("Search");
      if (!service.contains("@context") && inside.empty() && known)
        report_.must(Place(place, "@context"), "Presentation 2.1, 3.4 service",
                     "A service must have its own @context.");
      return;
    }
    if (type.empty()) report_.must(place, kServices, "A service must have a type.");
    if (service.contains("@context") && !type.starts_with("Auth") && !service.contains("@id"))
      report_.add(document_ == Inside::version_3 ? Level::must : Level::should, Place(place, "@context"),
                  "Presentation 3.0, 4.6 Linked Data Context",
                  "@context stands once, at the top of the document, and not in a service.");
    if (!service.contains("profile") && type.starts_with("Image"))
      report_.should(place, kServices, "A service should have a profile.");
  }

  void image(const json::Object& service, std::string_view type, const Place& place) {
    const json::Value* profile = service.if_contains("profile");
    const std::string_view context = json::text_of(service, "@context");
    if (type == "ImageService3") {
      if (service.contains("@id"))
        report_.must(place, "Image 3.0, 5.2 Technical Properties", "An ImageService3 has id and type, without @.");
      if (profile == nullptr || !profile->is_string() || !is_level(std::string_view(profile->get_string())))
        report_.must(Place(place, "profile"), "Image 3.0, 5.2 Technical Properties",
                     "The profile of an ImageService3 must be level0, level1 or level2.");
      return;
    }
    const bool second =
        type == "ImageService2" || type == "ImageService1" || context == "http://iiif.io/api/image/2/context.json";
    if (!second) return known(type, place);
    if (profile == nullptr) {
      if (type != "ImageService1")
        report_.must(place, "Image 2.1, 5.1 Image Information", "An image service must have a profile.");
      return;
    }
    const json::Value* first =
        profile->is_array() && !profile->get_array().empty() ? &profile->get_array().front() : profile;
    if (!first->is_string() || !is_level(level_of(std::string_view(first->get_string()))))
      if (!first->is_string() || std::string_view(first->get_string()).find("image-api") == std::string_view::npos)
        report_.must(
            Place(place, "profile"), "Image 2.1, 5.1 Image Information",
            "The profile of an image service must name a level, such as http://iiif.io/api/image/2/level2.json.");
  }

  // A name that is nearly one of IIIF's.
  void known(std::string_view type, const Place& place) {
    static constexpr std::array<std::string_view, 14> kKnown = {
        "ImageService3",      "ImageService2",           "ImageService1",        "SearchService2",
        "SearchService1",     "AutoCompleteService2",    "AutoCompleteService1", "AuthProbeService2",
        "AuthAccessService2", "AuthAccessTokenService2", "AuthLogoutService2",   "AuthCookieService1",
        "AuthTokenService1",  "AuthLogoutService1"};
    if (std::find(kKnown.begin(), kKnown.end(), type) != kKnown.end()) return;
    for (const std::string_view start :
         {"ImageService", "SearchService", "AutoComplete", "Autocomplete", "AuthProbe", "AuthAccess", "AuthToken",
          "AuthLogout", "AuthCookie", "Imageservice", "imageService"}) {
      if (type.starts_with(start))
        return report_.must(place, kServices, fmt::format("\"{}\" is no type of service that IIIF knows.", type));
    }
  }

  void search(const json::Object& service, std::string_view type, std::string_view profile, const Place& place,
              std::string_view inside) {
    const bool autocomplete = type.starts_with("AutoComplete") || profile.ends_with("/autocomplete");
    const bool search = type.starts_with("SearchService") || profile.ends_with("/search");
    if (autocomplete && !inside.starts_with("SearchService") && !inside.ends_with("/search"))
      report_.must(place, "Content Search 2.0, 4.1 Service Description",
                   "An autocomplete service stands inside of the search service that it belongs to.");
    const bool first =
        type == "SearchService1" || json::text_of(service, "@context") == "http://iiif.io/api/search/1/context.json";
    if (autocomplete && type.ends_with("1") && profile != "http://iiif.io/api/search/1/autocomplete")
      report_.must(Place(place, "profile"), "Content Search 1.0, 4.1 Service Description",
                   "The profile of an autocomplete service must be http://iiif.io/api/search/1/autocomplete.");
    if (search && !autocomplete && first && profile != "http://iiif.io/api/search/1/search")
      report_.must(Place(place, "profile"), "Content Search 1.0, 3.1 Service Description",
                   "The profile of a SearchService1 must be http://iiif.io/api/search/1/search.");
    if (first && type.empty() && !search && !autocomplete)
      report_.must(Place(place, "profile"), "Content Search 1.0, 3.1 Service Description",
                   "The profile of a search service must be http://iiif.io/api/search/1/search.");
    const bool in_search = inside.starts_with("SearchService1") || inside.ends_with("/search");
    if (in_search && profile.empty())
      report_.must(Place(place, "profile"), "Content Search 1.0, 4.1 Service Description",
                   "The profile of an autocomplete service must be http://iiif.io/api/search/1/autocomplete.");
    if (const json::Value* inner = service.if_contains("service");
        type == "SearchService2" && inner != nullptr && !inner->is_array())
      report_.must(Place(place, "service"), "Content Search 2.0, 3 Overview",
                   "service must be a list, in square brackets.");
  }

  void map(const json::Object& service, std::string_view key, bool needed, std::string_view type, const Place& place) {
    const json::Value* value = service.if_contains(key);
    if (value == nullptr) {
      if (needed) report_.must(place, kAuth, fmt::format("{} must have a {}.", type, key));
      return;
    }
    if (auto fault = language_map_fault(*value, false))
      report_.must(Place(place, key), kAuth, fmt::format("{} {}.", key, *fault));
  }

  // Authorization Flow 2.0, 3 to 6.
  void auth_2(const json::Object& service, std::string_view type, std::string_view profile, const Place& place,
              std::string_view inside) {
    const auto inner = inner_services(service);
    const auto count = [&](std::string_view wanted) {
      return std::count_if(inner.begin(), inner.end(),
                           [&](const json::Object* one) { return text_of_any(*one, "type") == wanted; });
    };
    if (const json::Value* list = service.if_contains("service"); list != nullptr && !list->is_array())
      report_.must(Place(place, "service"), kAuth, "service must be a list, in square brackets.");
    const std::string_view id = text_of_any(service, "id");
    if (!id.empty() && !id.starts_with("https://") && profile != "external")
      report_.must(Place(place, "id"), kAuth, "The services of authorization must be at https addresses.");
    const auto strange = std::find_if(inner.begin(), inner.end(), [&](const json::Object* one) {
      const std::string_view held = text_of_any(*one, "type");
      if (type == "AuthProbeService2") return held != "AuthAccessService2";
      return type == "AuthAccessService2" && held != "AuthAccessTokenService2" && held != "AuthLogoutService2";
    });
    if (strange != inner.end())
      report_.must(
          Place(place, "service"), kAuth,
          fmt::format("\"{}\" is no service that stands inside of an {}.", text_of_any(**strange, "type"), type));
    if (!service.contains("errorHeading") && service.contains("errorNote"))
      report_.must(place, kAuth, "errorNote needs an errorHeading.");
    for (const char* key : {"heading", "note", "confirmLabel", "errorHeading", "errorNote"})
      map(service, key, false, type, place);
    if (type == "AuthProbeService2") {
      if (count("AuthAccessService2") == 0)
        report_.must(place, "Authorization Flow 2.0, 3.1 Probe Service Description",
                     "A probe service must have at least one AuthAccessService2 inside.");
    } else if (type == "AuthAccessService2") {
      if (inside != "AuthProbeService2" && !inside.empty())
        report_.must(place, kAuth, "An AuthAccessService2 stands inside of a probe service.");
      if (profile != "active" && profile != "kiosk" && profile != "external")
        report_.must(Place(place, "profile"), "Authorization Flow 2.0, 4.1 Access Service Description",
                     "The profile of an access service must be active, kiosk or external.");
      if (profile != "external" && text_of_any(service, "id").empty())
        report_.must(place, "Authorization Flow 2.0, 4.1 Access Service Description",
                     "An access service that is active or kiosk must have an id.");
      map(service, "label", profile == "active", "An active access service", place);
      if (count("AuthAccessTokenService2") != 1)
        report_.must(place, "Authorization Flow 2.0, 4.1 Access Service Description",
                     "An access service must have exactly one AuthAccessTokenService2 inside.");
      if (count("AuthLogoutService2") > 1)
        report_.must(place, "Authorization Flow 2.0, 4.1 Access Service Description",
                     "An access service has at most one AuthLogoutService2.");
    } else if (type == "AuthLogoutService2") {
      map(service, "label", true, "A logout service", place);
    }
  }

  // Authentication 1.0, 2.
  void auth_1(const json::Object& service, std::string_view profile, const Place& place, std::string_view inside) {
    static constexpr std::array<std::string_view, 6> kProfiles = {"login",    "clickthrough", "kiosk",
                                                                  "external", "token",        "logout"};
    const std::string_view name =
        profile.substr(std::min(profile.size(), std::string_view("http://iiif.io/api/auth/1/").size()));
    if (!profile.starts_with("http://iiif.io/api/auth/1/") ||
        std::find(kProfiles.begin(), kProfiles.end(), name) == kProfiles.end())
      return report_.must(Place(place, "profile"), kAuth1,
                          "The profile of an authentication service must be one of http://iiif.io/api/auth/1/login, "
                          "clickthrough, kiosk, external, token, logout.");
    if (text_of_any(service, "id").empty() && name != "external")
      report_.must(Place(place, "@id"), kAuth1, "An authentication service must have an @id.");
    if (name == "token") return;
    if (document_ == Inside::version_2 && !service.contains("@context") && name != "logout" &&
        !inside.starts_with("http://iiif.io/api/auth/1/"))
      report_.must(Place(place, "@context"), kAuth1,
                   "A login service must have the @context http://iiif.io/api/auth/1/context.json.");
    if (!service.contains("label") && name != "external")
      report_.must(place, kAuth1, "An authentication service must have a label.");
    if (name == "logout") return;
    const auto inner = inner_services(service);
    const bool token = std::any_of(inner.begin(), inner.end(), [](const json::Object* one) {
      return json::text_of(*one, "profile").ends_with("/token");
    });
    if (!token) report_.must(place, kAuth1, "A login service must have a token service inside.");
  }

  void inside_of(const json::Object& service, std::string_view type, const Place& place) {
    const json::Value* value = service.if_contains("service");
    if (value == nullptr) return;
    const Place here(place, "service");
    const std::string name = type.empty() ? std::string(json::text_of(service, "profile")) : std::string(type);
    if (const json::Array* array = value->if_array()) {
      std::size_t index = 0;
      for (const json::Value& item : *array) run(item, Place(here, index++), name);
    } else if (value->is_object()) {
      run(*value, here, name);
    }
  }

  Report& report_;
  Inside document_;
};

}  // namespace

void check_service(const json::Value& service, const Place& place, Report& report, Inside inside) {
  ServiceCheck(report, inside).run(service, place, {});
}

void check_services_2(const json::Value& services, const Place& place, Report& report) {
  const json::Array* list = services.if_array();
  if (list == nullptr) return check_service(services, place, report, Inside::version_2);
  std::size_t index = 0;
  for (const json::Value& one : *list) check_service(one, Place(place, index++), report, Inside::version_2);
}

bool is_service_id(const json::Value* services, std::string_view id) {
  if (services == nullptr) return false;
  const auto is_it = [&](const json::Value& value) {
    const json::Object* object = value.if_object();
    return object != nullptr && !id.empty() && text_of_any(*object, "id") == id;
  };
  const json::Array* array = services->if_array();
  return array == nullptr ? is_it(*services) : std::any_of(array->begin(), array->end(), is_it);
}

}  // namespace armarium::check
