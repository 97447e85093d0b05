#include "http/origin.h"

#include <gtest/gtest.h>

#include "http/fake_exchange.h"

namespace armarium::http {
namespace {

struct Placed {
  Request request;
  std::string error;  // name of the code, empty where there is none
};

Placed place(const OriginOptions& options, const FakeExchange::Fields& fields, const std::string& client = "127.0.0.1",
             const std::string& path = "/x", const std::string& local = "127.0.0.1") {
  const auto exchange = FakeExchange::get(path, fields);
  Request& request = exchange->mutable_request();
  request.client = client;
  request.local = local;
  const auto origin = Origin::make(options);
  EXPECT_TRUE(origin);
  const auto result = origin->apply(request);
  return {request, result ? "" : base::name_of(result.error().code)};
}

TEST(Origin, WithoutPublicUrlOnlyOwnHostsCount) {
  EXPECT_EQ(place({}, {{"Host", "localhost:8080"}}).request.base_url, "http://localhost:8080");
  EXPECT_EQ(place({}, {{"Host", "LOCALHOST:80"}}).request.base_url, "http://localhost");
  EXPECT_EQ(place({}, {{"Host", "127.0.0.1:9"}}).request.base_url, "http://127.0.0.1:9");
  EXPECT_EQ(place({}, {{"Host", "[::1]:9"}}).request.base_url, "http://[::1]:9");
  EXPECT_EQ(place({}, {{"Host", "evil.example"}}).error, "wrong_host");
  EXPECT_EQ(place({}, {{"Host", "evil.example:8080"}}, "192.0.2.9", "/x", "192.0.2.1").error, "wrong_host");
  EXPECT_EQ(place({}, {{"Host", "192.0.2.1:8080"}}, "192.0.2.9", "/x", "192.0.2.1").request.base_url,
            "http://192.0.2.1:8080");
  EXPECT_EQ(place({}, {{"Host", "192.0.2.2:8080"}}, "192.0.2.9", "/x", "192.0.2.1").error, "wrong_host");
  EXPECT_EQ(place({.listen_host = "archive.lan"}, {{"Host", "archive.lan:8080"}}, "192.0.2.9", "/x", "192.0.2.1")
                .request.base_url,
            "http://archive.lan:8080");
  EXPECT_EQ(place({}, {{"Host", "a b"}}).error, "invalid_argument");
  EXPECT_EQ(place({}, {{"Host", ""}}).request.base_url, "http://127.0.0.1:8080") << "HTTP/1.0 may name none";
}

TEST(Origin, ThePublicUrlIsWhatIdsStartWith) {
  const OriginOptions options{.public_url = "HTTPS://Iiif.example.org:443/some/path/"};
  for (const char* path : {"/some/path/item/1", "/item/1"}) {
    const Placed placed = place(options, {{"Host", "whatever.example"}}, "192.0.2.9", path);
    EXPECT_EQ(placed.error, "");
    EXPECT_EQ(placed.request.base_url, "https://iiif.example.org/some/path");
    EXPECT_EQ(placed.request.path, "/item/1");
  }
  EXPECT_EQ(place(options, {}, "127.0.0.1", "/some/path").request.path, "/");
  EXPECT_EQ(place(options, {}, "127.0.0.1", "/some/pathology").request.path, "/some/pathology");
  EXPECT_EQ(place(options, {{"X-Forwarded-Host", "evil.example"}}).request.base_url,
            "https://iiif.example.org/some/path");
  for (const char* wrong : {"example.org", "ftp://a", "https://", "https://a b", "https://a/b?c", "https://a/b//c",
                            "https://u@a", "https://a/<b>"}) {
    EXPECT_FALSE(Origin::make({.public_url = wrong})) << wrong;
  }
  EXPECT_FALSE(Origin::make({.trusted_proxies = {"10.0.0.0/99"}}));
}

TEST(Origin, TrustedProxiesSayWhereTheClientWas) {
  const FakeExchange::Fields fields = {{"Host", "localhost:8080"},
                                       {"X-Forwarded-Proto", "https"},
                                       {"X-Forwarded-Host", "public.example"},
                                       {"X-Forwarded-For", "198.51.100.7"},
                                       {"X-Forwarded-Prefix", "/iiif-root/"}};
  const Placed trusted = place({}, fields, "127.0.0.1", "/iiif-root/item");
  EXPECT_EQ(trusted.request.base_url, "https://public.example/iiif-root");
  EXPECT_EQ(trusted.request.client, "198.51.100.7");
  EXPECT_EQ(trusted.request.path, "/item");
  EXPECT_TRUE(trusted.request.secure);

  const Placed untrusted = place({.trusted_proxies = {"10.0.0.0/8"}}, fields, "192.0.2.9", "/iiif-root/item");
  EXPECT_EQ(untrusted.request.base_url, "http://localhost:8080");
  EXPECT_EQ(untrusted.request.client, "192.0.2.9");
  EXPECT_EQ(untrusted.request.path, "/iiif-root/item");
  EXPECT_FALSE(untrusted.request.secure);
}

TEST(Origin, AForwardedHostAloneDoesNotVouch) {
  const FakeExchange::Fields rebound = {{"Host", "evil.example"}, {"X-Forwarded-Host", "localhost"}};
  EXPECT_EQ(place({}, rebound).error, "wrong_host");
  EXPECT_EQ(place({}, {{"Host", "evil.example"}, {"Forwarded", "host=localhost"}}).error, "wrong_host");
  // A proxy that was named passes the public Host on.
  EXPECT_EQ(place({.trusted_proxies = {"10.0.0.0/8"}},
                  {{"Host", "public.example"}, {"X-Forwarded-Host", "public.example"}}, "10.0.0.1")
                .request.base_url,
            "http://public.example");
}

TEST(Origin, ReadsForwarded) {
  const Placed placed = place(
      {},
      {{"Forwarded",
        "for=198.51.100.1;host=spoofed.example, for=\"[2001:db8::7]:4711\";proto=HTTPS;host=\"public.example:8443\""},
       {"X-Forwarded-Host", "ignored.example"}});
  EXPECT_EQ(placed.request.base_url, "https://public.example:8443");
  EXPECT_EQ(placed.request.client, "2001:db8::7");
}

TEST(Origin, WalksBackThroughTrustedProxiesOnly) {
  const OriginOptions options{.trusted_proxies = {"10.0.0.0/8"}};
  // client → 10.0.0.1 (public) → 10.0.0.2 → here; the first entry is the client's own invention.
  Placed placed = place(options,
                        {{"Host", "localhost"},
                         {"X-Forwarded-For", "203.0.113.66, 198.51.100.7, 10.0.0.1"},
                         {"X-Forwarded-Host", "spoofed.example, public.example, inner.example"},
                         {"X-Forwarded-Proto", "http, https, http"}},
                        "10.0.0.2");
  EXPECT_EQ(placed.request.client, "198.51.100.7");
  EXPECT_EQ(placed.request.base_url, "https://public.example");
  placed = place(options,
                 {{"Host", "localhost"},
                  {"X-Forwarded-For", "203.0.113.66, 198.51.100.7"},
                  {"X-Forwarded-Host", "spoofed.example, public.example"}},
                 "10.0.0.2");
  EXPECT_EQ(placed.request.client, "198.51.100.7");
  EXPECT_EQ(placed.request.base_url, "http://public.example");
  placed = place(options, {{"Host", "localhost"}, {"X-Forwarded-For", "unknown"}}, "10.0.0.2");
  EXPECT_EQ(placed.request.client, "10.0.0.2");
}

TEST(Origin, RefusesNonsenseFromProxies) {
  EXPECT_EQ(place({}, {{"X-Forwarded-Host", "a\"onload=x"}}).error, "invalid_argument");
  EXPECT_EQ(place({}, {{"X-Forwarded-Proto", "javascript"}}).request.base_url, "http://localhost:8080");
  EXPECT_EQ(place({}, {{"X-Forwarded-Prefix", "//evil.example"}}).request.base_url, "http://localhost:8080");
  EXPECT_EQ(place({}, {{"X-Forwarded-Prefix", "/<script>"}}).request.base_url, "http://localhost:8080");
}

}  // namespace
}  // namespace armarium::http
