/* nn.y: the grammar of .nn files.
 *
 * Builds the tree of ast.h and checks nothing but what the tree can't hold. Line ends reach it only where they end a statement
 * (parse.c). The rules marked "habit" accept what users of other languages write, with an error that says how it is written here. */
%code requires {
#include "parse.h"

typedef struct DataItem { /* of a data block: a setting, or with an arrow a sample; neither after an error */
    AstSetting setting;
    AstSample sample;
} DataItem;
}
%code provides {
int nn_lex(NN_STYPE *value, Span *span, Parser *p);
}
%code {
#include <string.h>

/* A part of the parser's stack for each level of nesting, and room to spare. */
#define YYINITDEPTH 400
#define YYMAXDEPTH 6000
#define YYLLOC_DEFAULT(current, right, n)                                                                                        \
    ((current) = (n) ? span_join(YYRHSLOC(right, 1), YYRHSLOC(right, n))                                                         \
                     : (Span){YYRHSLOC(right, 0).source, YYRHSLOC(right, 0).to, YYRHSLOC(right, 0).to})

static void nn_error(const Span *span, Parser *p, const char *message);
static void add_data_item(Parser *p, AstBlock *data, const DataItem *item);
#define PUSH(list, item) list_push(p->arena, &(list), (item))
}

%define api.prefix {nn_}
%define api.pure full
%define api.location.type {Span}
%define parse.error custom
%define parse.lac full
%define lr.default-reduction accepting
%param {Parser *p}
%locations
%expect 0

%union {
    const char *name;
    double number;
    AstExpr *expr;
    AstArg arg;
    AstArgs args;
    AstDim dim;
    AstDims dims;
    AstStmt *stmt;
    AstStmts stmts;
    AstAssign assign;
    AstSetting setting;
    AstSettings settings;
    AstSources sources;
    AstPort port;
    AstPorts ports;
    AstOption option;
    AstOptions options;
    AstDefKind def_kind;
    AstStmtKind stmt_kind;
    AstDef *def;
    AstBlock block;
    AstSample sample;
    DataItem data_item;
}

%token END 0 "the end of the file"
%token NEWLINE "the end of the line"
%token <name> NAME "a name"
%token <name> DOTTED "a dotted name"
%token <name> STRING "a string"
%token <number> NUMBER "a number"
%token IF "'if'" THEN "'then'" ELSE "'else'" AND "'and'" OR "'or'" NOT "'not'" FROM "'from'" DERIVATIVE "'derivative'"
%token CONST "'const'" IMPORT "'import'" NETWORK "'network'" TRAIN "'train'" DATA "'data'"
%token ACTIVATION "'activation'" LOSS "'loss'" LAYER "'layer'" OPTIMIZER "'optimizer'" SCHEDULE "'schedule'"
%token INITIALIZER "'initializer'"
%token INPUT "'input'" OUTPUT "'output'" REPEAT "'repeat'" PARAM "'param'" STATE "'state'" WHERE "'where'" REQUIRE "'require'"
%token ARROW "'->'" NEXT "'<-'" ADDTO "'+='" DOTS "'..'" LE "'<='" GE "'>='" EQ "'=='" NE "'!='"

%nonassoc DOTS
%precedence ELSE
%left OR
%left AND
%precedence NOT
%nonassoc '<' LE '>' GE EQ NE
%left '+' '-'
%left '*' '/' '%'
%precedence NEGATIVE
%right '^'

%type <expr> expr primary list call applied activation count index index_opt
%type <arg> arg
%type <args> args arg_list args_opt samples
%type <dim> dim
%type <dims> dims dim_list dims_opt
%type <assign> assign
%type <stmt> stmt equation layer placed
%type <stmt_kind> kept
%type <stmts> body stmts
%type <setting> setting
%type <settings> settings
%type <sources> names from_opt
%type <port> port port_in
%type <ports> ports port_list outputs output_list
%type <option> option
%type <options> options option_list
%type <def_kind> def_kind
%type <def> def header
%type <block> data_items braces_opt
%type <data_item> data_item
%type <sample> sample
%type <name> key
%%

file: section | file NEWLINE section;

section
    : %empty
    | CONST NAME '=' expr { PUSH(p->file->consts, ((AstConst){$NAME, @NAME, $expr})); }
    | IMPORT STRING       { PUSH(p->file->imports, ((AstImport){$STRING, @STRING})); }
    | def                 { if ($def) PUSH(p->file->defs, $def); }
    | NETWORK NAME args_opt '{' body '}'
        {
            take_block(p, &p->file->network, "network",
                       (AstBlock){.span = span_join(@1, @NAME), .name = $NAME, .name_span = @NAME,
                                  .options = settings_of_args(p, $args_opt), .body = $body});
        }
    | TRAIN '{' settings '}' { take_block(p, &p->file->train, "train", (AstBlock){.span = @1, .settings = $settings}); }
    | DATA '{' data_items '}'
        {
            $data_items.span = @1;
            take_block(p, &p->file->data, "data", $data_items);
        }
    | error { parser_recovered(p); yyerrok; }
    ;

/* ---- definitions */

def_kind
    : ACTIVATION  { $$ = DEF_ACTIVATION; }
    | LOSS        { $$ = DEF_LOSS; }
    | LAYER       { $$ = DEF_LAYER; }
    | OPTIMIZER   { $$ = DEF_OPTIMIZER; }
    | SCHEDULE    { $$ = DEF_SCHEDULE; }
    | INITIALIZER { $$ = DEF_INITIALIZER; }
    ;

header: def_kind NAME '(' ports options ')' outputs
    {
        $$ = make_def(p, $def_kind, @$, $NAME, @NAME);
        $$->inputs = $ports;
        $$->options = $options;
        $$->outputs = $outputs;
    };

def
    : header '=' expr                          { $$ = $header; $$->value = $expr; }
    | header '=' expr[value] DERIVATIVE expr[derivative]
        {
            $$ = $header;
            $$->value = $value;
            $$->derivative = $derivative;
        }
    | header '{' body '}'
        {
            $$ = $header;
            $$->body = $body;
            $$->has_body = true;
        }
    ;

ports: %empty { $$ = (AstPorts){0}; } | port_list | port_list ',';

port_list
    : port_in               { $$ = (AstPorts){0}; PUSH($$, $port_in); }
    | port_list ',' port_in { $$ = $1; PUSH($$, $port_in); }
    ;

port_in
    : port
    | NAME '=' expr /* habit: an option where inputs stand */
        {
            parser_error(p, @NAME, "options come after a ';': (x; %s = …)", $NAME);
            $$ = make_port($NAME, @NAME, &(AstDims){0}, NULL);
        }
    ;

port
    : NAME dims_opt index_opt { $$ = make_port($NAME, @$, &$dims_opt, $index_opt); }
    | NAME[name] dims_opt index_opt NAME[word] expr /* t[*s] in [0, 1] */
        {
            if (strcmp($word, "in") != 0) parser_error(p, @word, "after an argument stands 'from LAYER' or 'in [0, 1]'");
            $$ = make_port($name, @$, &$dims_opt, $index_opt);
            $$.range = $expr;
        }
    | NAME[name] dims_opt index_opt FROM NAME[kind]
        {
            $$ = make_port($name, @$, &$dims_opt, $index_opt);
            $$.from = $kind;
            $$.from_span = @kind;
        }
    ;

index_opt: %empty { $$ = NULL; } | ':' index { $$ = $index; };

index: NAME '(' expr ')'
    {
        if (strcmp($NAME, "index") != 0) parser_error(p, @NAME, "after ':' stands index(N): whole numbers from 0 to N - 1");
        $$ = $expr;
    };

options: %empty { $$ = (AstOptions){0}; } | ';' option_list { $$ = $2; } | ';' option_list ',' { $$ = $2; };

option_list
    : option                 { $$ = (AstOptions){0}; PUSH($$, $option); }
    | option_list ',' option { $$ = $1; PUSH($$, $option); }
    ;

option
    : NAME          { $$ = (AstOption){$NAME, @NAME, NULL}; }
    | NAME '=' expr { $$ = (AstOption){$NAME, @NAME, $expr}; }
    ;

outputs: %empty { $$ = (AstPorts){0}; } | ARROW output_list { $$ = $2; };

output_list
    : port                 { $$ = (AstPorts){0}; PUSH($$, $port); }
    | output_list ',' port { $$ = $1; PUSH($$, $port); }
    ;

/* ---- statements */

body: stmts;

stmts
    : stmt               { $$ = (AstStmts){0}; if ($stmt) PUSH($$, $stmt); }
    | stmts NEWLINE stmt { $$ = $1; if ($stmt) PUSH($$, $stmt); }
    ;

stmt
    : %empty { $$ = NULL; }
    | INPUT NAME dims_opt index_opt
        {
            $$ = make_stmt(p, AST_INPUT, @$, $NAME, @NAME);
            $$->dims = $dims_opt;
            $$->value = $index_opt;
        }
    | OUTPUT NAME { $$ = make_stmt(p, AST_OUTPUT, @$, $NAME, @NAME); }
    | layer
    | equation
    | REPEAT count '{' body '}'
        {
            $$ = make_stmt(p, AST_REPEAT, span_join(@1, @count), NULL, @1);
            $$->value = $count;
            $$->body = $body;
        }
    | kept NAME dims_opt '=' expr
        {
            $$ = make_stmt(p, $kept, @$, $NAME, @NAME);
            $$->dims = $dims_opt;
            $$->value = $expr;
        }
    | WHERE NAME '=' expr
        {
            $$ = make_stmt(p, AST_WHERE, @$, $NAME, @NAME);
            $$->value = $expr;
        }
    | REQUIRE expr ',' STRING
        {
            $$ = make_stmt(p, AST_REQUIRE, @$, NULL, @1);
            $$->value = $expr;
            $$->message = $STRING;
        }
    | error { $$ = NULL; parser_recovered(p); yyerrok; }
    ;

kept: PARAM { $$ = AST_PARAM; } | STATE { $$ = AST_STATE; };

count: NUMBER { $$ = make_expr(p, AST_NUMBER, @$); $$->number = $1; }
    | NAME { $$ = make_name(p, AST_NAME, @$, $1); }
    | '(' expr ')' { $$ = $2; }
    ;

assign: '=' { $$ = ASSIGN_SET; } | ADDTO { $$ = ASSIGN_ADD; } | NEXT { $$ = ASSIGN_NEXT; };

equation: NAME dims_opt assign expr
    {
        $$ = make_stmt(p, AST_EQUATION, @$, $NAME, @NAME);
        $$->dims = $dims_opt;
        $$->assign = $assign;
        $$->value = $expr;
    };

layer
    : call placed from_opt braces_opt
        {
            $$ = $placed;
            $$->span = span_join(@call, @from_opt);
            $$->call = $call;
            $$->from = $from_opt;
            $$->settings = $braces_opt.settings;
            $$->has_settings = $braces_opt.present;
        }
    | NAME dims placed from_opt /* habit: dense[16] tanh */
        {
            parser_error(p, span_join(@NAME, @dims), "sizes stand in brackets after a layer's name: %s h%s", $NAME,
                         span_text(p->arena, @dims));
            $$ = NULL;
        }
    | call NUMBER placed from_opt /* habit: dense 16 */
        {
            parser_error(p, @NUMBER, "sizes stand in brackets after a layer's name: %s h[%s]", span_text(p->arena, @call),
                         span_text(p->arena, @NUMBER));
            $$ = NULL;
        }
    | call NAME NUMBER activation from_opt /* habit: dense h 16 */
        {
            parser_error(p, @NUMBER, "sizes stand in brackets: %s[%s]", $NAME, span_text(p->arena, @NUMBER));
            $$ = NULL;
        }
    ;

braces_opt
    : %empty           { $$ = (AstBlock){0}; }
    | '{' settings '}' { $$ = (AstBlock){.present = true, .settings = $settings}; }
    ;

/* What stands between kind and `from`: name, sizes, activation. One word is a name until check knows better. */
placed
    : %empty  { $$ = make_stmt(p, AST_LAYER, @$, NULL, @$); }
    | NAME    { $$ = make_stmt(p, AST_LAYER, @$, $NAME, @NAME); }
    | applied
        {
            $$ = make_stmt(p, AST_LAYER, @$, NULL, $applied->name_span);
            $$->activation = $applied;
        }
    | NAME dims activation
        {
            $$ = make_stmt(p, AST_LAYER, @$, $NAME, @NAME);
            $$->dims = $dims;
            $$->activation = $activation;
        }
    | NAME call
        {
            $$ = make_stmt(p, AST_LAYER, @$, $NAME, @NAME);
            $$->activation = $call;
        }
    ;

activation: %empty { $$ = NULL; } | call;

/* A word with options: conv2d(kernel = 3), relu, leaky_relu(0.1). */
call: NAME { $$ = make_call(p, @$, $NAME, @NAME, (AstDims){0}, (AstArgs){0}); } | applied;

applied: NAME '(' args ')' { $$ = make_call(p, @$, $NAME, @NAME, (AstDims){0}, $args); };

from_opt: %empty { $$ = (AstSources){0}; } | FROM names { $$ = $names; };

names
    : NAME           { $$ = (AstSources){0}; PUSH($$, ((AstSource){$NAME, @NAME})); }
    | names ',' NAME { $$ = $1; PUSH($$, ((AstSource){$NAME, @NAME})); }
    ;

/* ---- settings: after a layer, in train and in data */

settings
    : setting { $$ = (AstSettings){0}; if ($setting.name) PUSH($$, $setting); }
    | settings NEWLINE setting { $$ = $1; if ($setting.name) PUSH($$, $setting); }
    | settings ',' setting /* habit */
        {
            parser_comma(p, @2, "settings");
            $$ = $1;
            if ($setting.name) PUSH($$, $setting);
        }
    ;

setting
    : %empty       { $$ = (AstSetting){0}; }
    | key '=' expr { $$ = (AstSetting){$key, @key, $expr}; }
    | key ':' expr /* habit */
        {
            parser_error(p, @2, "a setting is written with '=': %s = …", $key);
            $$ = (AstSetting){$key, @key, $expr};
        }
    | error { $$ = (AstSetting){0}; parser_recovered(p); yyerrok; }
    ;

key: NAME | DOTTED;

data_items
    : data_item                    { $$ = (AstBlock){0}; add_data_item(p, &$$, &$data_item); }
    | data_items NEWLINE data_item { $$ = $1; add_data_item(p, &$$, &$data_item); }
    | data_items ',' data_item /* habit */
        {
            parser_comma(p, @2, $data_item.setting.name ? "settings and samples" : "samples");
            $$ = $1;
            add_data_item(p, &$$, &$data_item);
        }
    ;

data_item
    : setting { $$ = (DataItem){.setting = $setting}; }
    | sample  { $$ = (DataItem){.sample = $sample}; }
    ;

sample: samples ARROW expr { $$ = (AstSample){$samples, $expr, @$}; };

samples
    : list             { $$ = (AstArgs){0}; PUSH($$, make_arg(NULL, @list, $list)); }
    | samples ',' list { $$ = $1; PUSH($$, make_arg(NULL, @list, $list)); }
    ;

/* ---- brackets */

args_opt: %empty { $$ = (AstArgs){0}; } | '(' args ')' { $$ = $2; };

args: %empty { $$ = (AstArgs){0}; } | arg_list | arg_list ',';

arg_list
    : arg              { $$ = (AstArgs){0}; PUSH($$, $arg); }
    | arg_list ',' arg { $$ = $1; PUSH($$, $arg); }
    ;

arg
    : expr          { $$ = make_arg(NULL, @$, $expr); }
    | NAME '=' expr { $$ = make_arg($NAME, @NAME, $expr); }
    | NAME ':' expr /* habit */
        {
            parser_error(p, @2, "an option is written with '=': %s = …", $NAME);
            $$ = make_arg($NAME, @NAME, $expr);
        }
    | '*' NAME { $$ = make_arg(NULL, @$, make_name(p, AST_STAR, @$, $NAME)); }
    ;

dims_opt: %empty { $$ = (AstDims){0}; } | dims;

dims: '[' dim_list ']' { $$ = $2; } | '[' dim_list ',' ']' { $$ = $2; };

dim_list
    : dim              { $$ = (AstDims){0}; PUSH($$, $dim); }
    | dim_list ',' dim { $$ = $1; PUSH($$, $dim); }
    ;

dim
    : expr              { $$ = (AstDim){.value = $1, .span = @$}; }
    | NAME ':' expr     { $$ = (AstDim){.name = $1, .range = $3, .span = @$}; }
    | '*' NAME          { $$ = (AstDim){.star = true, .name = $2, .span = @$}; }
    | '*' NAME ':' expr { $$ = (AstDim){.star = true, .name = $2, .range = $4, .span = @$}; }
    ;

list: '[' args ']' { $$ = make_compound(p, &(AstExpr){.kind = AST_LIST, .span = @$, .args = $args}); };

/* ---- expressions */

expr
    : primary
    | IF expr[c] THEN expr[a] ELSE expr[b] { $$ = make_if(p, @$, $c, $a, $b); }
    | expr OR expr       { $$ = make_operator(p, AST_OR, @$, $1, $3); }
    | expr AND expr      { $$ = make_operator(p, AST_AND, @$, $1, $3); }
    | NOT expr           { $$ = make_operator(p, AST_NOT, @$, $2, NULL); }
    | expr '<' expr      { $$ = make_operator(p, AST_LT, @$, $1, $3); }
    | expr LE expr       { $$ = make_operator(p, AST_LE, @$, $1, $3); }
    | expr '>' expr      { $$ = make_operator(p, AST_GT, @$, $1, $3); }
    | expr GE expr       { $$ = make_operator(p, AST_GE, @$, $1, $3); }
    | expr EQ expr       { $$ = make_operator(p, AST_EQ, @$, $1, $3); }
    | expr NE expr       { $$ = make_operator(p, AST_NE, @$, $1, $3); }
    | expr '+' expr      { $$ = make_operator(p, AST_ADD, @$, $1, $3); }
    | expr '-' expr      { $$ = make_operator(p, AST_SUB, @$, $1, $3); }
    | expr '*' expr      { $$ = make_operator(p, AST_MUL, @$, $1, $3); }
    | expr '/' expr      { $$ = make_operator(p, AST_DIV, @$, $1, $3); }
    | expr '%' expr      { $$ = make_operator(p, AST_MOD, @$, $1, $3); }
    | '-' expr %prec NEGATIVE { $$ = make_operator(p, AST_NEG, @$, $2, NULL); }
    | expr '^' expr      { $$ = make_operator(p, AST_POW, @$, $1, $3); }
    | expr DOTS expr
        {
            AstArgs ends = {0};
            PUSH(ends, make_arg(NULL, @1, $1));
            PUSH(ends, make_arg(NULL, @3, $3));
            $$ = make_compound(p, &(AstExpr){.kind = AST_RANGE, .span = @$, .args = ends});
        }
    ;

primary
    : NUMBER { $$ = make_expr(p, AST_NUMBER, @$); $$->number = $1; }
    | STRING { $$ = make_name(p, AST_STRING, @$, $1); }
    | NAME   { $$ = make_name(p, AST_NAME, @$, $1); }
    | DOTTED { $$ = make_name(p, AST_NAME, @$, $1); }
    | NAME dims { $$ = make_compound(p, &(AstExpr){.kind = AST_READ, .span = @$, .name_span = @1, .name = $1, .dims = $2}); }
    | applied
    | NAME dims '(' args ')' { $$ = make_call(p, @$, $NAME, @NAME, $dims, $args); }
    | '(' expr ')' { $$ = $2; }
    | list
    ;
%%

static void add_data_item(Parser *p, AstBlock *data, const DataItem *item) {
    if (item->setting.name) PUSH(data->settings, item->setting);
    if (item->sample.target) PUSH(data->samples, item->sample);
}

/* Called by bison when its stack is full. */
static void nn_error(const Span *span, Parser *p, const char *message) {
    (void)message;
    parser_error(p, *span, "nested too deeply: %d levels at most", NESTING_MAX);
    p->stopped = true;
}

static int yyreport_syntax_error(const yypcontext_t *context, Parser *p) {
    enum { EXPECTED_MAX = YYNTOKENS };
    yysymbol_kind_t kinds[EXPECTED_MAX];
    const char *expected[EXPECTED_MAX];
    const int n = yypcontext_expected_tokens(context, kinds, EXPECTED_MAX);
    for (int k = 0; k < n; k++) expected[k] = yysymbol_name(kinds[k]);
    parser_unexpected(p, p->previous, *yypcontext_location(context), expected, n > 0 ? n : 0);
    return 0;
}
