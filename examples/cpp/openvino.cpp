// SPDX-License-Identifier: Apache-2.0
// ONNX and OpenVINO models on the CPU.
#include <filesystem>
#include <openvino/openvino.hpp>

#include "network.h"

namespace {

// The contract inside an ONNX file or an OpenVINO IR, else the one beside it.
Contract contract_of(const ov::Model& model, const std::string& path) {
  std::filesystem::path beside(path);
  if (beside.extension() == ".onnx") {
    const std::optional<std::string> document = find_document(path);
    if (document) return Contract(*document);
  }
  const ov::RTMap& info = model.get_rt_info();
  const auto section = info.find("edgepose");
  if (section != info.end() && section->second.is<ov::AnyMap>()) {
    const auto& entries = section->second.as<ov::AnyMap>();
    const auto spec = entries.find("edgepose.spec");
    if (spec != entries.end()) return Contract(spec->second.as<std::string>());
  }
  beside.replace_extension(".spec.json");
  return Contract(read_file(beside.string()));
}

class OpenVino final : public Network {
 public:
  OpenVino(ov::Core& core, const std::shared_ptr<ov::Model>& model, Contract contract)
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
  Contract contract = contract_of(*model, model_file);
  model->reshape(ov::PartialShape{1, 3, contract->input_height, contract->input_width});
  return std::make_unique<OpenVino>(core, model, std::move(contract));
}
