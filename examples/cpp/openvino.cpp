// SPDX-License-Identifier: Apache-2.0
// ONNX and OpenVINO models on the CPU.
#include <filesystem>
#include <openvino/openvino.hpp>

#include "network.h"

namespace {

// The contract inside the file, else the one beside it.
Json contract_of(const ov::Model& model, const std::string& path) {
  const ov::RTMap& info = model.get_rt_info();
  for (const char* section : {"framework", "edgepose"}) {
    const auto found = info.find(section);
    if (found == info.end() || !found->second.is<ov::AnyMap>()) continue;
    const auto& entries = found->second.as<ov::AnyMap>();
    const auto spec = entries.find("edgepose.spec");
    if (spec != entries.end()) return Json::parse(spec->second.as<std::string>());
  }
  std::filesystem::path beside(path);
  beside.replace_extension(".spec.json");
  return Json::parse(read_file(beside.string()));
}

class OpenVino final : public Network {
 public:
  OpenVino(ov::Core& core, const std::shared_ptr<ov::Model>& model, Json contract)
      : Network(std::move(contract)),
        // Processors with bfloat16 would trade accuracy for speed unasked.
        compiled_(
            core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32))),
        request_(compiled_.create_infer_request()) {}

  Tensors run(const std::vector<float>& input) override {
    const ov::Tensor tensor(ov::element::f32, compiled_.input().get_shape(),
                            const_cast<float*>(input.data()));
    if (tensor.get_size() != input.size()) throw std::runtime_error("the input has another size");
    request_.set_input_tensor(tensor);
    request_.infer();
    Tensors outputs;
    for (const auto& port : compiled_.outputs()) {
      const ov::Tensor value = request_.get_tensor(port);
      Tensor& out = outputs[port.get_any_name()];
      for (const std::size_t side : value.get_shape()) {
        out.shape.push_back(static_cast<std::int64_t>(side));
      }
      out.data.assign(value.data<const float>(), value.data<const float>() + value.get_size());
    }
    return outputs;
  }

 private:
  ov::CompiledModel compiled_;
  ov::InferRequest request_;
};

}  // namespace

std::unique_ptr<Network> open_openvino(const std::string& model_file) {
  ov::Core core;
  const std::shared_ptr<ov::Model> model = core.read_model(model_file);
  Json contract = contract_of(*model, model_file);
  const Json& input = contract.at("input");
  model->reshape(ov::PartialShape{1, 3, input.integer("height"), input.integer("width")});
  return std::make_unique<OpenVino>(core, model, std::move(contract));
}
