/* net: a neural network, compiled by nnc. Plain C99, also C++; nothing but the functions below is visible. */
#ifndef NET_H
#define NET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NET_INPUTS    8        /* numbers in one sample; several inputs: one after another */
#define NET_OUTPUTS   1        /* numbers in its output, and in its target */
#define NET_PARAMS    128      /* learned numbers */
#define NET_STATE     0        /* numbers that are kept but not learned by gradient */
#define NET_BATCH     1        /* samples in one update */
#define NET_OPTIMIZER 384      /* numbers that the optimizer keeps */

struct net_train_work {
    float g[4][3];
    float g_b[4][9];
    float g_r[4][3];
    float g_z[4][3];
    float g_n[4][3];
    float l[4][2];
    float l_a[4][8];
    float l_c_sigmoid[4][2];
    float l_c_sigmoid_2[4][2];
    float l_c_tanh[4][2];
    float l_c[4][2];
    float l_h_sigmoid[4][2];
    float l_h_tanh[4][2];
    float loss;
    float d_y[1];
    float d_y_weight[1][8];
    float d_l_a[4][8];
    float d_l_bias_ih[8];
    float d_l_weight_hh[8][2];
    float d_l_weight_ih[8][3];
    float d_g_b[4][9];
    float d_g_a[4][9];
    float d_g_bias_hh[9];
    float d_g_weight_hh[9][3];
    float d_g_bias_ih[9];
    float g_weight_ih_mu;
    float g_weight_ih_next;
    float g_weight_ih_w_power;
    float d_g_weight_hh_clipped[9][3];
    float g_bias_hh_w_ratio_4[9];
};

struct net_gradient_work {
    float g[4][3];
    float g_b[4][9];
    float g_r[4][3];
    float g_z[4][3];
    float g_n[4][3];
    float l[4][2];
    float l_a[4][8];
    float l_c_sigmoid[4][2];
    float l_c_sigmoid_2[4][2];
    float l_c_tanh[4][2];
    float l_c[4][2];
    float l_h_sigmoid[4][2];
    float l_h_tanh[4][2];
    float loss;
    float d_y_bias[1];
    float d_y_weight[1][8];
    float d_l_a[4][8];
    float d_l_bias_ih[8];
    float d_l_bias_hh[8];
    float d_l_weight_hh[8][2];
    float d_l_weight_ih[8][3];
    float d_g_b[4][9];
    float d_g_a[4][9];
    float d_g_bias_hh[9];
    float d_g_weight_hh[9][3];
    float d_g_bias_ih[9];
    float d_g_weight_ih[9][2];
};

/* Everything that the network keeps: plain data without pointers, to be placed and copied as you like. */
struct net {
    /* learned */
    float g_weight_ih[9][2];
    float g_weight_hh[9][3];
    float g_bias_ih[9];
    float g_bias_hh[9];
    float l_weight_ih[8][3];
    float l_weight_hh[8][2];
    float l_bias_ih[8];
    float l_bias_hh[8];
    float y_weight[1][8];
    float y_bias[1];
    /* the optimizer's */
    float g_weight_ih_m[9][2];
    float g_weight_ih_v[9][2];
    float g_weight_ih_product[9][2];
    float g_weight_hh_m[9][3];
    float g_weight_hh_v[9][3];
    float g_weight_hh_product[9][3];
    float g_bias_ih_m[9];
    float g_bias_ih_v[9];
    float g_bias_ih_product[9];
    float g_bias_hh_m[9];
    float g_bias_hh_v[9];
    float g_bias_hh_product[9];
    float l_weight_ih_m[8][3];
    float l_weight_ih_v[8][3];
    float l_weight_ih_product[8][3];
    float l_weight_hh_m[8][2];
    float l_weight_hh_v[8][2];
    float l_weight_hh_product[8][2];
    float l_bias_ih_m[8];
    float l_bias_ih_v[8];
    float l_bias_ih_product[8];
    float l_bias_hh_m[8];
    float l_bias_hh_v[8];
    float l_bias_hh_product[8];
    float y_weight_m[1][8];
    float y_weight_v[1][8];
    float y_weight_product[1][8];
    float y_bias_m[1];
    float y_bias_v[1];
    float y_bias_product[1];
    uint64_t seed; /* of every random draw */
    uint64_t step; /* updates so far */
    /* scratch: means nothing between calls */
    union {
        struct net_train_work train;
        struct net_gradient_work gradient;
    } work;
};
typedef struct net net;

/* One named tensor in the vector that the get and set functions copy; its numbers are row-major from `offset` on.
 * Tables end with a null name. */
struct net_tensor {
    const char *name;
    int rank;
    int dims[8];
    size_t offset;
};

/* Start values for everything, drawn from the seed. Call it first. */
void net_init(net *net, uint64_t seed);

/* The output y of one sample x. */
void net_predict(net *net, const float *x, float *y);

/* All learned numbers, in the order of net_tensors. */
void net_get_params(const net *net, float *p);
void net_set_params(net *net, const float *p);
extern const struct net_tensor net_tensors[];

/* The same for what is kept but not learned. */
void net_get_state(const net *net, float *s);
void net_set_state(net *net, const float *s);
extern const struct net_tensor net_states[];

/* Trains on n samples in order, NET_BATCH in each update, the rest in the last; returns their mean loss. */
float net_train(net *net, const float *x, const float *t, size_t n);

/* The mean loss of n samples and its gradient g, as in training; changes nothing. */
float net_gradient(net *net, const float *x, const float *t, size_t n, float *g);

/* The mean loss of n samples as in prediction, without penalties. */
float net_loss(net *net, const float *x, const float *t, size_t n);

/* To be called at the start of each epoch (from 0): sets scheduled rates. */
void net_epoch(net *net, int epoch, int epochs, float validation_loss);

/* What the optimizer keeps, in the order of net_optimizer_tensors; with net->step and net->seed it is all of training's
 * state that is not in the parameters and states above. */
void net_get_optimizer(const net *net, float *s);
void net_set_optimizer(net *net, const float *s);
extern const struct net_tensor net_optimizer_tensors[];

#ifdef __cplusplus
}
#endif
#endif
