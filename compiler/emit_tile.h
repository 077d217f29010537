/* emit_tile.h: a loop nest in vectors while it is written; what the emit_tile*.c files share. */
#ifndef NNC_EMIT_TILE_H
#define NNC_EMIT_TILE_H

#include "emit_loops.h"
#include "emit_vector.h"

typedef struct Param {
    const Home *home; /* an array; NULL: a number */
    const char *name, *given;
    bool written;
} Param;

typedef struct Loaded { /* a variable that holds what stands at an address, or a value of the nest */
    const char *address;
    const char *name;
} Loaded;

typedef struct Local { /* the variable for a value that only this nest knows */
    const Home *home;
    int row, vector;
    const char *name, *shared; /* of a product that is worked out where it is read: what all lanes share of it; or NULL */
} Local;

typedef struct Product { /* the factors of one: those that all lanes share, and vectors; NULL: none */
    const char *shared, *vectors;
} Product;

typedef struct TileText {
    Emit *e;
    const Nest *nest;
    unsigned seen; /* guards of its one statement that the loops around see to */
    const Tile *tile;
    LIST(Param) params;
    LIST(Loaded) loaded;
    LIST(Local) locals;
    int variables;
    bool count; /* n is asked for */
    /* the statement being written */
    Place at;
    int lane;                                  /* its index whose points are lanes, or -1 */
    int row_index[TILE_ROWS], rows[TILE_ROWS]; /* of each of the tile's row loops: its index, how many rows are written */
    int row[TILE_ROWS], vector;                /* the position in the tile */
    int part_index, parts, part;               /* a sum that is added up in parts: its index, how many, which; index -1: none */
    const char *loop_name[INDEX_MAX];
    bool loop_known[INDEX_MAX];
    const char *from, *to; /* of the loop that threads share, the part of this one */
} TileText;

/* For every row and vector of the tile. */
#define EACH_POSITION(t)                                                                                                       \
    for ((t)->row[0] = 0; (t)->row[0] < (t)->rows[0]; (t)->row[0]++)                                                           \
        for ((t)->row[1] = 0; (t)->row[1] < (t)->rows[1]; (t)->row[1]++)                                                       \
            for ((t)->vector = 0; (t)->vector < ((t)->tile->loop >= 0 ? (t)->tile->vectors : 1); (t)->vector++)

/* ---- emit_tile_value.c: names, parameters, addresses, expressions */
int tile_row(const TileText *t); /* the row's number in the tile, those of the last row loop counted fastest */
int tile_rows(const TileText *t);
int tile_positions(const TileText *t);                        /* rows and vectors */
const char *tile_call(const TileText *t, const char *name);   /* the vector function's name: exp_16 */
const char *tile_called(const TileText *t, const char *name); /* the same, where it may turn out that it isn't called */
const char *tile_real(const TileText *t);                     /* types: float, v16, i16 */
const char *tile_vector(const TileText *t);
const char *tile_index_vector(const TileText *t);
bool tile_is_vector(const TileText *t, const Expr *x);
const char *tile_variable(TileText *t);                         /* a new one's name */
const char *tile_array(TileText *t, const Home *h, bool write); /* the parameter that points to it */
/* The number of an element within its array: 64 * i + o; `more` is what no affine form says: 48 * index_of(p1[s], 128) + */
Affine tile_element(TileText *t, const Home *h, const Sub *sub, const char **more);
const char *tile_affine(TileText *t, Affine a);
const char *tile_address(TileText *t, const Home *h, const Sub *sub);
/* The variable of a value that only this nest knows, or its product. */
const char *tile_local(const TileText *t, const Home *h);
void tile_loaded(TileText *t, const char *address, const char *name);
const char *tile_read(TileText *t, const Expr *x);
/* The value at the tile's position; lines that load what it reads are written first. */
const char *tile_expr(TileText *t, const Expr *x, int precedence);
const char *tile_as_vector(TileText *t, const Expr *x);
int tile_shared_factors(const TileText *t, const Expr *x); /* how many of a product's factors all lanes share */
void tile_factors(TileText *t, const Expr *x, Product *p); /* are added to what p has */

/* ---- emit_tile_call.c */
void tile_function(TileText *t, const char *body); /* the function, unless there is one of the same text; and its call */

/* ---- emit_tile_stmt.c: statements at all positions of the tile */
void tile_begin(TileText *t, const PlanStmt *s);
int tile_stmts(TileText *t, int first); /* one, or several that go together; how many */

#endif
