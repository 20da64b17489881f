#include "args.hpp"

NAPI_MODULE_INIT() {
  nerfseg::define_engine(env, exports);
  nerfseg::define_maps(env, exports);
  nerfseg::define_products(env, exports);
  nerfseg::define_rows(env, exports);
  nerfseg::define_layers(env, exports);
  nerfseg::define_elementwise(env, exports);
  return exports;
}
