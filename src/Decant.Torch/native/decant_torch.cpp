// A C interface to libtorch's operator dispatcher: any operator by name, with autograd.
// Every function that can fail returns -1 (or null) and leaves one line in dt_last_error.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <cstring>

#define API extern "C" __attribute__((visibility("default")))

namespace {

#ifdef __GLIBC__
// Every training step allocates the same large tensors again. As glibc stands it maps each anew, and the kernel clears its pages.
const int kept_memory = mallopt(M_MMAP_THRESHOLD, 32 << 20) + mallopt(M_TRIM_THRESHOLD, 2000 << 20) + mallopt(M_TOP_PAD, 64 << 20);
#endif

using c10::IValue;
using c10::TypeKind;

enum Tag : int32_t { None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, OptionalTensorList, String };
const char* const tag_names[] = {"none", "a tensor", "an int", "a double", "a bool", "an int list", "a double list",
                                 "a tensor list", "an optional tensor list", "a string"};

struct Value {
    int32_t tag;
    int32_t count;
    union { int64_t i; double d; void* p; };
};

// What an argument wants, read once from the schema so that a call never walks types.
struct Parameter {
    TypeKind kind = TypeKind::AnyType;
    bool list = false, optional = false, optional_items = false, has_default = false;
    int32_t length = 0;
    IValue fallback;
    std::string name, type;
};

struct Op {
    c10::OperatorHandle handle;
    std::vector<Parameter> parameters;
    bool makes = true;  // takes no tensors: where its result lies is for the caller to say
};

// Where new tensors go unless a call says otherwise.
thread_local c10::Device home(c10::kCPU);

// c10::optional became std::optional in libtorch 2: take whichever the dispatcher returns.
template <template <class> class Optional, class T> Optional<at::Tensor> rebind(const Optional<T>&);
using OptionalTensor = decltype(rebind(std::declval<c10::Dispatcher&>().findSchema(c10::OperatorName("", ""))));

thread_local std::string last_error;
thread_local std::vector<IValue> stack;
thread_local std::vector<Value> pending;

template <class Result> Result failed(const char* message) {
    last_error.assign(message, strcspn(message, "\n"));
    stack.clear();
    if constexpr (std::is_pointer_v<Result>) return nullptr;
    else return -1;
}

template <class Body> auto guarded(Body body) -> decltype(body()) {
    using Result = decltype(body());
    try {
        return body();
    } catch (const c10::Error& e) {
        return failed<Result>(e.what_without_backtrace());
    } catch (const std::exception& e) {
        return failed<Result>(e.what());
    } catch (...) {
        return failed<Result>("an unknown C++ exception");
    }
}

at::Tensor& tensor(const void* handle) { return *(at::Tensor*)handle; }

Parameter describe(const c10::Argument& argument) {
    Parameter p;
    p.name = argument.name();
    p.type = argument.type()->str();
    auto type = argument.type();
    if (type->kind() == TypeKind::OptionalType) {
        p.optional = true;
        type = type->expectRef<c10::OptionalType>().getElementType();
    }
    if (type->kind() == TypeKind::ListType) {
        p.list = true;
        p.length = argument.N() ? *argument.N() : 0;
        type = type->expectRef<c10::ListType>().getElementType();
        if (type->kind() == TypeKind::OptionalType) {
            p.optional_items = true;
            type = type->expectRef<c10::OptionalType>().getElementType();
        }
    }
    p.kind = type->kind() == TypeKind::SymIntType ? TypeKind::IntType : type->kind();
    p.has_default = argument.default_value().has_value();
    if (p.has_default) p.fallback = *argument.default_value();
    return p;
}

bool push_list(const Parameter& p, const Value& v) {
    auto ints = (const int64_t*)v.p;
    auto tensors = (void* const*)v.p;
    if (p.kind == TypeKind::IntType && v.tag == IntList) stack.emplace_back(at::ArrayRef<int64_t>(ints, v.count));
    else if (p.kind == TypeKind::IntType && v.tag == Int) stack.emplace_back(std::vector<int64_t>(p.length ? p.length : 1, v.i));
    else if (p.kind == TypeKind::FloatType && v.tag == DoubleList) stack.emplace_back(at::ArrayRef<double>((const double*)v.p, v.count));
    else if (p.kind == TypeKind::BoolType && v.tag == IntList) {
        c10::List<bool> list;
        for (int i = 0; i < v.count; i++) list.push_back(ints[i] != 0);
        stack.emplace_back(std::move(list));
    } else if (p.kind == TypeKind::NumberType && v.tag == DoubleList) {
        c10::List<at::Scalar> list;
        for (int i = 0; i < v.count; i++) list.push_back(at::Scalar(((const double*)v.p)[i]));
        stack.emplace_back(std::move(list));
    } else if (p.kind == TypeKind::TensorType && p.optional_items && (v.tag == OptionalTensorList || v.tag == TensorList)) {
        c10::List<OptionalTensor> list;
        for (int i = 0; i < v.count; i++) list.push_back(tensors[i] ? OptionalTensor(tensor(tensors[i])) : OptionalTensor());
        stack.emplace_back(std::move(list));
    } else if (p.kind == TypeKind::TensorType && !p.optional_items && v.tag == TensorList) {
        c10::List<at::Tensor> list;
        list.reserve(v.count);
        for (int i = 0; i < v.count; i++) {
            if (!tensors[i]) return false;
            list.push_back(tensor(tensors[i]));
        }
        stack.emplace_back(std::move(list));
    } else return false;
    return true;
}

bool push(const Parameter& p, const Value& v) {
    if (v.tag == None && p.optional) stack.emplace_back();
    else if (p.list) return push_list(p, v);
    else if (v.tag == Tensor && p.kind == TypeKind::TensorType) stack.emplace_back(tensor(v.p));
    else if (v.tag == Int && (p.kind == TypeKind::IntType || p.kind == TypeKind::NumberType)) stack.emplace_back(v.i);
    else if (v.tag == Int && p.kind == TypeKind::FloatType) stack.emplace_back((double)v.i);
    else if (v.tag == Double && (p.kind == TypeKind::FloatType || p.kind == TypeKind::NumberType)) stack.emplace_back(v.d);
    else if (v.tag == Bool && (p.kind == TypeKind::BoolType || p.kind == TypeKind::NumberType)) stack.emplace_back(v.i != 0);
    else if (v.tag == String && p.kind == TypeKind::StringType) stack.emplace_back(std::string((const char*)v.p, v.count));
    else if (v.tag == String && p.kind == TypeKind::DeviceObjType) stack.emplace_back(c10::Device(std::string((const char*)v.p, v.count)));
    else return false;
    return true;
}

void collect(const at::Tensor& t) {
    Value v{None, 0, {0}};
    if (t.defined()) v.tag = Tensor, v.p = new at::Tensor(t);
    pending.push_back(v);
}

void collect(const IValue& result) {
    Value v{None, 0, {0}};
    if (result.isTensor()) return collect(result.toTensor());
    if (result.isTensorList()) {
        for (const at::Tensor& t : result.toTensorVector()) collect(t);
        return;
    }
    if (result.isInt()) v.tag = Int, v.i = result.toInt();
    else if (result.isDouble()) v.tag = Double, v.d = result.toDouble();
    else if (result.isBool()) v.tag = Bool, v.i = result.toBool();
    else if (!result.isNone()) throw std::runtime_error("returns a " + result.tagKind() + ", which has no counterpart here");
    pending.push_back(v);
}

// The pthread build of OpenBLAS keeps its own pool, which at::set_num_threads does not reach.
void* openblas(const char* symbol) {
    void* library = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_NOLOAD);
    return library ? dlsym(library, symbol) : nullptr;
}

}  // namespace

API const char* dt_last_error() { return last_error.c_str(); }
API const char* dt_version() { return TORCH_VERSION; }

API const char* dt_blas() {
    auto config = (char* (*)())openblas("openblas_get_config");
    return config ? config() : nullptr;
}

API Op* dt_find(const char* name, const char* overload) {
    return guarded([&]() -> Op* {
        auto op = new Op{c10::Dispatcher::singleton().findSchemaOrThrow(name, overload), {}};
        for (const auto& argument : op->handle.schema().arguments()) {
            op->parameters.push_back(describe(argument));
            if (op->parameters.back().kind == TypeKind::TensorType) op->makes = false;
        }
        return op;
    });
}

// Calls `op`; results go to `results`, those past `capacity` wait for dt_rest. Capacity 0 drops them all.
API int dt_call(const Op* op, const Value* args, int count, Value* results, int capacity) {
    return guarded([&]() -> int {
        stack.clear();
        const auto& parameters = op->parameters;
        if ((size_t)count > parameters.size())
            throw std::runtime_error("takes " + std::to_string(parameters.size()) + " arguments, given " + std::to_string(count));
        for (size_t i = 0; i < parameters.size(); i++) {
            const auto& p = parameters[i];
            if (op->makes && p.kind == TypeKind::DeviceObjType && (i >= (size_t)count || args[i].tag == None)) {
                stack.emplace_back(home);
            } else if (i >= (size_t)count) {
                if (!p.has_default) throw std::runtime_error("argument " + std::to_string(i) + " (" + p.name + ", " + p.type + ") is missing");
                stack.push_back(p.fallback);
            } else if (!push(p, args[i])) {
                throw std::runtime_error("argument " + std::to_string(i) + " (" + p.name + ") wants " + p.type + ", given " + tag_names[args[i].tag]);
            }
        }
        op->handle.callBoxed(&stack);
        if (capacity > 0) {
            pending.clear();
            for (const auto& result : stack) collect(result);
            std::copy_n(pending.begin(), std::min((size_t)capacity, pending.size()), results);
        }
        stack.clear();
        return capacity > 0 ? (int)pending.size() : 0;
    });
}

API void dt_rest(Value* results, int from) { std::copy(pending.begin() + from, pending.end(), results); }

API void dt_free(void* const* handles, int count) {
    for (int i = 0; i < count; i++) delete (at::Tensor*)handles[i];
}

API void* dt_from(const void* data, int64_t bytes, int dtype, const int64_t* sizes, int rank) {
    return guarded([&]() -> void* {
        auto t = at::empty(at::IntArrayRef(sizes, rank), at::TensorOptions().dtype((at::ScalarType)dtype));
        if ((int64_t)t.nbytes() != bytes) throw std::runtime_error("the sizes want " + std::to_string(t.nbytes()) + " bytes, given " + std::to_string(bytes));
        if (bytes > 0) std::memcpy(t.data_ptr(), data, bytes);
        return new at::Tensor(home.is_cpu() ? std::move(t) : t.to(home));
    });
}

API int dt_copy_to(const void* handle, void* data, int64_t bytes) {
    return guarded([&]() -> int {
        auto t = tensor(handle).detach().cpu().contiguous();
        if ((int64_t)t.nbytes() != bytes) throw std::runtime_error("the tensor holds " + std::to_string(t.nbytes()) + " bytes, asked for " + std::to_string(bytes));
        if (bytes > 0) std::memcpy(data, t.data_ptr(), bytes);
        return 0;
    });
}

API int dt_copy_from(const void* handle, const void* data, int64_t bytes) {
    return guarded([&]() -> int {
        auto t = tensor(handle).detach();
        if ((int64_t)t.nbytes() != bytes) throw std::runtime_error("the tensor holds " + std::to_string(t.nbytes()) + " bytes, given " + std::to_string(bytes));
        t.copy_(at::from_blob((void*)data, t.sizes(), t.options().device(at::kCPU)));
        return 0;
    });
}

API void* dt_data(const void* handle) {
    return guarded([&]() -> void* {
        const auto& t = tensor(handle);
        if (!t.is_contiguous() || !t.device().is_cpu()) throw std::runtime_error("is not contiguous in host memory");
        return t.data_ptr();
    });
}

API int dt_rank(const void* handle) { return (int)tensor(handle).dim(); }
API int64_t dt_numel(const void* handle) { return tensor(handle).numel(); }
API int dt_dtype(const void* handle) { return (int)tensor(handle).scalar_type(); }
API int dt_is_cuda(const void* handle) { return tensor(handle).is_cuda(); }
API void dt_sizes(const void* handle, int64_t* sizes) { std::copy_n(tensor(handle).sizes().data(), tensor(handle).dim(), sizes); }
API int dt_item(const void* handle, double* d, int64_t* i) {
    return guarded([&]() -> int {
        auto scalar = tensor(handle).item();
        *d = scalar.toDouble();
        *i = scalar.isFloatingPoint() ? 0 : scalar.toLong();
        return scalar.isFloatingPoint();
    });
}

API int dt_requires_grad(const void* handle) { return tensor(handle).requires_grad(); }
API int dt_set_requires_grad(const void* handle, int on) { return guarded([&]() -> int { return tensor(handle).set_requires_grad(on != 0), 0; }); }
API int dt_backward(const void* handle, const void* gradient, int retain_graph) {
    return guarded([&]() -> int { return tensor(handle).backward(gradient ? tensor(gradient) : at::Tensor(), retain_graph != 0), 0; });
}
API void* dt_grad(const void* handle) { return tensor(handle).grad().defined() ? new at::Tensor(tensor(handle).grad()) : nullptr; }
API int dt_set_grad(const void* handle, const void* grad) {
    return guarded([&]() -> int { return tensor(handle).mutable_grad() = grad ? tensor(grad) : at::Tensor(), 0; });
}
API void dt_clear_grads(void* const* handles, int count) {
    for (int i = 0; i < count; i++) tensor(handles[i]).mutable_grad().reset();
}

// When the gradient of a tensor is there, `change` is called with it, owns it, and gives the one to go on with, or null if it failed;
// `drop` is called when the graph no longer needs it.
API int dt_on_gradient(const void* handle, void* (*change)(void*, void*), void (*drop)(void*), void* state) {
    return guarded([&]() -> int {
        std::shared_ptr<void> kept(state, drop);
        tensor(handle).register_hook([kept, change](at::Tensor gradient) -> at::Tensor {
            void* made = change(kept.get(), new at::Tensor(gradient));
            if (!made) throw std::runtime_error("what changes a gradient failed");
            at::Tensor result = *static_cast<at::Tensor*>(made);
            delete static_cast<at::Tensor*>(made);
            return result;
        });
        return 0;
    });
}

API int dt_grad_mode(int on) {
    bool before = c10::GradMode::is_enabled();
    if (on >= 0) c10::GradMode::set_enabled(on != 0);
    return before;
}

API int dt_seed(int64_t seed) { return guarded([&]() -> int { return at::manual_seed((uint64_t)seed), 0; }); }
API void* dt_random_state() {
    return guarded([&]() -> void* { return new at::Tensor(at::globalContext().defaultGenerator(at::kCPU).get_state()); });
}
API int dt_set_random_state(const void* state) {
    return guarded([&]() -> int {
        auto generator = at::globalContext().defaultGenerator(at::kCPU);
        return generator.set_state(tensor(state)), 0;
    });
}

API int dt_threads() { return at::get_num_threads(); }
API int dt_set_threads(int count) {
    return guarded([&]() -> int {
        at::set_num_threads(count);
        if (auto set = (void (*)(int))openblas("openblas_set_num_threads")) set(count);
        return 0;
    });
}

API int dt_cuda() { return at::hasCUDA(); }

// Full precision and no search for the fastest kernel: results then depend on the device, not on the moment.
API int dt_set_device(const char* name) {
    return guarded([&]() -> int {
        c10::Device device{std::string(name)};
        at::empty({1}, at::TensorOptions().device(device));
        at::globalContext().setDeterministicCuDNN(true);
        at::globalContext().setBenchmarkCuDNN(false);
        at::globalContext().setAllowTF32CuDNN(false);
        at::globalContext().setAllowTF32CuBLAS(false);
        home = device;
        return 0;
    });
}
API int dt_deterministic(int on) {
    return guarded([&]() -> int { return at::globalContext().setDeterministicAlgorithms(on != 0, false), 0; });
}
