// peer_dnnl: a training step or prediction with oneDNN's primitives, their layouts left free.
//
//     peer_dnnl train|predict relu|tanh|sigmoid BATCH SECONDS SIZE SIZE ...     dense layers
//     peer_dnnl train|predict conv BATCH SECONDS                                the convolutional network of tools/bench/run
//
// Softmax and cross-entropy at the end, plain gradient descent. Prints what harness.h says.
#include <dnnl.hpp>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "harness.h"

using namespace dnnl;
using Dims = memory::dims;
using Desc = memory::desc;
using Tag = memory::format_tag;

static engine cpu(engine::kind::cpu, 0);
static stream line(cpu);
static const float rate = 0.01F;
static bool training;

struct Op {
    primitive run;
    std::unordered_map<int, memory> given;
};
using Ops = std::vector<Op>;

struct Param {
    memory value, gradient;
};
static std::vector<Param> params;

static Desc free_layout(const Dims &dims) {
    return Desc(dims, memory::data_type::f32, Tag::any);
}

static memory in_layout(memory m, const Desc &wanted, Ops &ops) {
    if (m.get_desc() == wanted) return m;
    memory to(wanted, cpu);
    ops.push_back({reorder(m, to), {{DNNL_ARG_FROM, m}, {DNNL_ARG_TO, to}}});
    return to;
}

static void run_all(Ops &ops) {
    for (Op &op : ops) op.run.execute(line, op.given);
    line.wait();
}

// Small random numbers, in the layout that the primitive wants.
static memory new_param(const Dims &dims, Tag plain, const Desc &wanted) {
    memory from(Desc(dims, memory::data_type::f32, plain), cpu), to(wanted, cpu);
    long n = 1, inputs = 1;
    for (size_t k = 0; k < dims.size(); k++) n *= dims[k], inputs *= k ? dims[k] : 1;
    float *values = numbers((size_t)n), *p = (float *)from.get_data_handle();
    for (long k = 0; k < n; k++) p[k] = dims.size() > 1 ? values[k] * 2 / sqrtf((float)inputs) : 0;
    free(values);
    reorder(from, to).execute(line, from, to);
    line.wait();
    return to;
}

static void learn(memory value, memory gradient, Ops &ops) {
    params.push_back({value, in_layout(gradient, value.get_desc(), ops)});
}

struct Layer {
    memory x, y;
    virtual ~Layer() = default;
    virtual memory forward(memory x, Ops &ops) = 0;
    virtual memory backward(memory dy, bool first, Ops &ops) = 0;
};

/* What a sum with weights and a bias does, whatever the kind of sum; F, W, D: oneDNN's forward sum, gradients of weights, of
 * the input. */
struct Weighted : Layer {
    Dims in, out, weights;
    memory w, b;
    Weighted(const Dims &in_dims, const Dims &out_dims, const Dims &weight_dims)
        : in(in_dims), out(out_dims), weights(weight_dims) {}
    template <class F> memory sum(const typename F::primitive_desc &pd, memory given, Ops &ops) {
        x = in_layout(given, pd.src_desc(), ops);
        w = new_param(weights, weights.size() == 4 ? Tag::oihw : Tag::oi, pd.weights_desc());
        b = new_param({out[1]}, Tag::x, pd.bias_desc());
        y = memory(pd.dst_desc(), cpu);
        ops.push_back({F(pd), {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, b}, {DNNL_ARG_DST, y}}});
        return y;
    }
    template <class D> memory input_gradient(const typename D::primitive_desc &dd, memory dy, Ops &ops) {
        memory dx(dd.diff_src_desc(), cpu);
        ops.push_back({D(dd),
                       {{DNNL_ARG_DIFF_DST, in_layout(dy, dd.diff_dst_desc(), ops)},
                        {DNNL_ARG_WEIGHTS, in_layout(w, dd.weights_desc(), ops)},
                        {DNNL_ARG_DIFF_SRC, dx}}});
        return dx;
    }
    template <class W> void learn_weights(const typename W::primitive_desc &wd, memory dy, Ops &ops) {
        memory dw(wd.diff_weights_desc(), cpu), db(wd.diff_bias_desc(), cpu);
        ops.push_back({W(wd),
                       {{DNNL_ARG_SRC, in_layout(x, wd.src_desc(), ops)},
                        {DNNL_ARG_DIFF_DST, in_layout(dy, wd.diff_dst_desc(), ops)},
                        {DNNL_ARG_DIFF_WEIGHTS, dw},
                        {DNNL_ARG_DIFF_BIAS, db}}});
        learn(w, dw, ops);
        learn(b, db, ops);
    }
};

struct Dense : Weighted {
    bool last;
    inner_product_forward::primitive_desc pd;
    Dense(const Dims &in_dims, long outputs, bool is_last) : Weighted(in_dims, {in_dims[0], outputs}, in_dims), last(is_last) {
        weights[0] = outputs;
    }
    memory forward(memory given, Ops &ops) override {
        const Desc to = last ? Desc(out, memory::data_type::f32, Tag::nc) : free_layout(out);
        const auto kind = training ? prop_kind::forward_training : prop_kind::forward_inference;
        pd = {inner_product_forward::desc(kind, free_layout(in), free_layout(weights), free_layout({out[1]}), to), cpu};
        return sum<inner_product_forward>(pd, given, ops);
    }
    memory backward(memory dy, bool first, Ops &ops) override {
        using W = inner_product_backward_weights;
        using D = inner_product_backward_data;
        const W::desc weights_desc(free_layout(in), free_layout(weights), free_layout({out[1]}), free_layout(out));
        const D::desc input_desc(free_layout(in), free_layout(weights), free_layout(out));
        const memory dx = first ? memory() : input_gradient<D>({input_desc, cpu, pd}, dy, ops);
        learn_weights<W>({weights_desc, cpu, pd}, dy, ops);
        return dx;
    }
};

struct Conv : Weighted {
    convolution_forward::primitive_desc pd;
    Conv(const Dims &in_dims, long channels, long kernel)
        : Weighted(in_dims, {in_dims[0], channels, in_dims[2] - kernel + 1, in_dims[3] - kernel + 1},
                   {channels, in_dims[1], kernel, kernel}) {}
    memory forward(memory given, Ops &ops) override {
        const auto kind = training ? prop_kind::forward_training : prop_kind::forward_inference;
        pd = {convolution_forward::desc(kind, algorithm::convolution_auto, free_layout(in), free_layout(weights),
                                        free_layout({out[1]}), free_layout(out), {1, 1}, {0, 0}, {0, 0}),
              cpu};
        return sum<convolution_forward>(pd, given, ops);
    }
    memory backward(memory dy, bool first, Ops &ops) override {
        using W = convolution_backward_weights;
        using D = convolution_backward_data;
        const W::desc weights_desc(algorithm::convolution_auto, free_layout(in), free_layout(weights), free_layout({out[1]}),
                                   free_layout(out), {1, 1}, {0, 0}, {0, 0});
        const D::desc input_desc(algorithm::convolution_auto, free_layout(in), free_layout(weights), free_layout(out), {1, 1},
                                 {0, 0}, {0, 0});
        const memory dx = first ? memory() : input_gradient<D>({input_desc, cpu, pd}, dy, ops);
        learn_weights<W>({weights_desc, cpu, pd}, dy, ops);
        return dx;
    }
};

struct Activation : Layer {
    algorithm kind;
    eltwise_forward::primitive_desc pd;
    explicit Activation(algorithm which) : kind(which) {}
    memory forward(memory given, Ops &ops) override {
        x = given;
        pd = {eltwise_forward::desc(training ? prop_kind::forward_training : prop_kind::forward_inference, kind, x.get_desc(),
                                    0.F),
              cpu};
        y = memory(pd.dst_desc(), cpu);
        ops.push_back({eltwise_forward(pd), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}}});
        return y;
    }
    memory backward(memory dy, bool, Ops &ops) override {
        eltwise_backward::primitive_desc bd(eltwise_backward::desc(kind, y.get_desc(), x.get_desc(), 0.F), cpu, pd);
        memory dx(bd.diff_src_desc(), cpu), from = in_layout(dy, bd.diff_dst_desc(), ops);
        ops.push_back({eltwise_backward(bd), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, from}, {DNNL_ARG_DIFF_SRC, dx}}});
        return dx;
    }
};

struct Pool : Layer {
    Dims in, out;
    memory where;
    pooling_forward::primitive_desc pd;
    explicit Pool(const Dims &in_dims) : in(in_dims), out({in_dims[0], in_dims[1], in_dims[2] / 2, in_dims[3] / 2}) {}
    memory forward(memory given, Ops &ops) override {
        x = given;
        pd = {pooling_forward::desc(training ? prop_kind::forward_training : prop_kind::forward_inference,
                                    algorithm::pooling_max, x.get_desc(), free_layout(out), {2, 2}, {2, 2}, {0, 0}, {0, 0}),
              cpu};
        y = memory(pd.dst_desc(), cpu);
        Op op = {pooling_forward(pd), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}}};
        if (training) {
            where = memory(pd.workspace_desc(), cpu);
            op.given[DNNL_ARG_WORKSPACE] = where;
        }
        ops.push_back(op);
        return y;
    }
    memory backward(memory dy, bool, Ops &ops) override {
        pooling_backward::primitive_desc bd(
            pooling_backward::desc(algorithm::pooling_max, x.get_desc(), y.get_desc(), {2, 2}, {2, 2}, {0, 0}, {0, 0}), cpu,
            pd);
        memory dx(bd.diff_src_desc(), cpu), from = in_layout(dy, bd.diff_dst_desc(), ops);
        ops.push_back(
            {pooling_backward(bd), {{DNNL_ARG_DIFF_DST, from}, {DNNL_ARG_WORKSPACE, where}, {DNNL_ARG_DIFF_SRC, dx}}});
        return dx;
    }
};

static std::vector<std::unique_ptr<Layer>> layers;
static Ops forward_ops, backward_ops;
static memory input, output, d_output;
static size_t batch, inputs, outputs;
static const float *xs, *ts;

static void build() {
    memory m = input;
    for (auto &l : layers) m = l->forward(m, forward_ops);
    output = m;
    if (!training) return;
    d_output = m = memory(output.get_desc(), cpu);
    for (size_t k = layers.size(); k-- > 0;) m = layers[k]->backward(m, k == 0, backward_ops);
}

static void softmax(float *y, size_t n) {
    float top = y[0], sum = 0;
    for (size_t k = 1; k < n; k++) top = y[k] > top ? y[k] : top;
    for (size_t k = 0; k < n; k++) sum += y[k] = expf(y[k] - top);
    for (size_t k = 0; k < n; k++) y[k] /= sum;
}

static void update() {
    for (Param &p : params) {
        float *w = (float *)p.value.get_data_handle();
        const float *g = (const float *)p.gradient.get_data_handle();
        const size_t n = p.value.get_desc().get_size() / sizeof(float);
        for (size_t k = 0; k < n; k++) w[k] -= rate * g[k];
    }
}

static void step(size_t at) {
    input.set_data_handle((void *)(xs + at * inputs));
    run_all(forward_ops);
    float *y = (float *)output.get_data_handle();
    for (size_t s = 0; s < batch; s++) softmax(y + s * outputs, outputs);
    if (!training) return;
    float *dy = (float *)d_output.get_data_handle();
    for (size_t k = 0; k < batch * outputs; k++) dy[k] = (y[k] - ts[at * outputs + k]) / (float)batch;
    run_all(backward_ops);
    update();
}

static void work(size_t at, size_t n) {
    for (size_t k = 0; k < n; k += batch) step(at + k);
}

static void add_dense(int argc, char **argv, int first, algorithm kind) {
    for (int k = first; k + 1 < argc; k++) {
        const bool last = k + 2 == argc;
        layers.push_back(std::make_unique<Dense>(Dims{(long)batch, atol(argv[k])}, atol(argv[k + 1]), last));
        if (!last) layers.push_back(std::make_unique<Activation>(kind));
    }
}

static void add_convolutions() {
    const long n = (long)batch;
    const algorithm relu = algorithm::eltwise_relu;
    layers.push_back(std::make_unique<Conv>(Dims{n, 1, 28, 28}, 8, 5));
    layers.push_back(std::make_unique<Activation>(relu));
    layers.push_back(std::make_unique<Pool>(Dims{n, 8, 24, 24}));
    layers.push_back(std::make_unique<Conv>(Dims{n, 8, 12, 12}, 16, 5));
    layers.push_back(std::make_unique<Activation>(relu));
    layers.push_back(std::make_unique<Pool>(Dims{n, 16, 8, 8}));
    layers.push_back(std::make_unique<Dense>(Dims{n, 16, 4, 4}, 64, false));
    layers.push_back(std::make_unique<Activation>(relu));
    layers.push_back(std::make_unique<Dense>(Dims{n, 64}, 10, true));
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    const bool conv = argv[2][0] == 'c';
    training = !strcmp(argv[1], "train");
    batch = (size_t)atol(argv[3]);
    inputs = conv ? 784 : (size_t)atol(argv[5]);
    outputs = conv ? 10 : (size_t)atol(argv[argc - 1]);
    if (conv)
        add_convolutions();
    else
        add_dense(argc, argv, 5,
                  argv[2][0] == 'r'   ? algorithm::eltwise_relu
                  : argv[2][0] == 't' ? algorithm::eltwise_tanh
                                      : algorithm::eltwise_logistic);
    xs = numbers(SAMPLES * inputs);
    ts = targets(xs, inputs, outputs);
    const Dims dims = conv ? Dims{(long)batch, 1, 28, 28} : Dims{(long)batch, (long)inputs};
    input = memory(Desc(dims, memory::data_type::f32, conv ? Tag::nchw : Tag::nc), cpu, (void *)xs);
    build();
    bench(work, batch, atof(argv[4]));
    return 0;
}
