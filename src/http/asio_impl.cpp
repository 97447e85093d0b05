// The compiled part of Asio, once for the whole module (BOOST_ASIO_SEPARATE_COMPILATION), so that the other files stay quick to build.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
