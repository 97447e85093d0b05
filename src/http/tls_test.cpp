// TLS by OpenSSL's own client program's library: a certificate is made for the test, the handshake is checked for version and protocol.
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>

#include "http/server.h"

namespace armarium::http {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* p) const { Free(p); }
};
template <class T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freed<T, Free>>;

struct Pem {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("armarium-tls-" + std::to_string(::getpid()));
  std::string certificate = folder / "certificate.pem";
  std::string key = folder / "key.pem";

  Pem() {
    std::filesystem::create_directories(folder);
    const Owned<EVP_PKEY, EVP_PKEY_free> pair(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> made(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), pair.get());
    X509_NAME* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(made.get(), name);
    X509_sign(made.get(), pair.get(), EVP_sha256());
    write(certificate, [&](FILE* file) { PEM_write_X509(file, made.get()); });
    write(key, [&](FILE* file) { PEM_write_PrivateKey(file, pair.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  }
  ~Pem() { std::filesystem::remove_all(folder); }
  Pem(const Pem&) = delete;
  Pem& operator=(const Pem&) = delete;

  template <class F>
  static void write(const std::string& path, F&& content) {
    FILE* file = std::fopen(path.c_str(), "w");
    content(file);
    std::fclose(file);
  }
};

class TlsTest : public ::testing::Test {
 protected:
  TlsTest()
      : server_(
            options(),
            [](const ExchangePtr& exchange) {
              Response response;
              response.body = exchange->request().base_url + std::string(100'000, '.');
              exchange->respond(std::move(response));
            },
            pool_) {}
  ServerOptions options() const {
    ServerOptions options;
    options.port = 0;
    options.tls_certificate = pem_.certificate;
    options.tls_key = pem_.key;
    return options;
  }
  // The answer to one request; empty when the handshake fails.
  std::string ask(int highest_version, std::string_view offered = "\x08http/1.1") {
    const Owned<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), highest_version);
    const Owned<SSL, SSL_free> ssl(SSL_new(context.get()));
    SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned>(offered.size()));
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    SSL_set_fd(ssl.get(), descriptor);
    std::string text;
    if (SSL_connect(ssl.get()) == 1) {
      const unsigned char* chosen = nullptr;
      unsigned length = 0;
      SSL_get0_alpn_selected(ssl.get(), &chosen, &length);
      protocol_.assign(reinterpret_cast<const char*>(chosen), length);
      const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
      char buffer[8192];
      for (int count = 0; (count = SSL_read(ssl.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(count));
      clean_end_ = (SSL_get_shutdown(ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
      SSL_shutdown(ssl.get());
    }
    ::close(descriptor);
    return text;
  }

  Pem pem_;
  base::WorkPool pool_{{.threads = 1}};
  Server server_;
  std::string protocol_;
  bool clean_end_ = false;
};

TEST_F(TlsTest, AnswersOverTls12And13) {
  ASSERT_TRUE(server_.start());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string answer = ask(version);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer.substr(0, 200);
    EXPECT_NE(answer.find("\r\n\r\nhttps://localhost..."), std::string::npos);
    EXPECT_TRUE(answer.ends_with("..."));
    EXPECT_EQ(protocol_, "http/1.1");
    EXPECT_TRUE(clean_end_);
  }
}

TEST_F(TlsTest, ChoosesHttp2WhereItIsOffered) {
  ASSERT_TRUE(server_.start());
  // What follows is no preface, so the connection ends.
  EXPECT_EQ(ask(TLS1_3_VERSION, "\x08http/1.1\x02h2").substr(0, 4), std::string_view("\0\0\x18\4", 4));
  EXPECT_EQ(protocol_, "h2");
}

TEST_F(TlsTest, RefusesOlderVersions) {
  ASSERT_TRUE(server_.start());
  EXPECT_EQ(ask(TLS1_1_VERSION), "");
}

TEST_F(TlsTest, SaysWhatIsWrongWithItsFiles) {
  ServerOptions wrong = options();
  std::swap(wrong.tls_certificate, wrong.tls_key);
  const auto started = Server(
                           wrong, [](const ExchangePtr&) {}, pool_)
                           .start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("certificate"), std::string::npos);
}

}  // namespace
}  // namespace armarium::http
