/** What stands in the page's data, as ReportPage.cs writes it. */
export interface Table {
    columns: string[];
    rows: any[][];
}

export interface Estimate {
    Step: number;
    Component: string;
    Dataset: string;
    Rllc: number | null;
    RllcStdErr: number | null;
    RHat: number | null;
    Ess: number | null;
    Geweke: number | null;
    NegativeShare: number | null;
    Drift: number | null;
    Status: string;
    StatusReason: string;
    /** Its place in the table, which traces name. */
    index: number;
}

/** Scores of a head at a checkpoint; their names are those of HeadScoreSchema in camel case. */
export interface ScoreRow {
    step: number;
    component: string;
    [column: string]: any;
}

export interface PatternRow {
    component: string;
    dataset: string;
    probe: string;
    pattern: string;
    status: string;
    reason: string;
    missing: string;
    step: number;
    tokens: number;
    [column: string]: any;
}

export interface Trace {
    row: number;
    chains: number;
    draws: number;
    block: number;
    recorded: number;
    scale: number;
    data: string;
    acceptance?: number[];
}

export interface Stage {
    stage: string | number;
    from: number;
    to: number;
    toLow?: number | null;
    toHigh?: number | null;
    toFound?: number | null;
}

export interface FigureWords {
    title?: string;
    finding: string;
    caption: string;
}

export interface Figure extends FigureWords {
    id: string;
    title: string;
    shortName: string;
    data: any;
    number: number;
    /** The same of other datasets, where it is told of one. */
    byText?: Record<string, FigureWords> | null;
}

export interface Example {
    dataset: string;
    tokens: string[];
    heads: { component: string; attention: string | null; lossChange: (number | null)[] | null }[];
}

/** A token that a head matters much or little for, among those around it. */
export interface Sample {
    component: string;
    dataset: string;
    probe: string;
    kind: string;
    decile: number;
    context: number;
    place: number;
    tokens: string[];
    values: (number | null)[];
    errors: (number | null)[];
    attention: string;
}

export interface ClusterRow {
    component: string;
    cluster: number;
    silhouette: number;
    distances: number[];
    curve: number[] | null;
}

export interface Clusters {
    k: number;
    method: string;
    dataset: string;
    unit: string;
    steps: number[];
    rows: ClusterRow[];
    centres: number[][];
    silhouettes: { k: number; value: number }[];
    channels: string[];
    column: string;
}

export interface StudyData {
    title: string;
    subtitle: string;
    unfinished: string;
    tiles: { value: string; label: string; note?: string }[];
    entropies: { unigram: number | null; bigram: number | null };
    checkpoints: { step: number; trainLoss: number | null; validationLoss: number | null }[];
    clusters: Clusters | null;
    sgld: { nBeta: number; localization: number; stepSize: number };
    steps: { name: string; kind: string; result: string; seconds: number }[];
    pipeline: string;
    figures: Figure[];
    trainingText: string;
    stages: Stage[];
    types: any[];
    reference: Table;
    datasets: Table;
    control: Table;
    scores: (Table & { model: any[] }) | null;
    patterns: (Table & { names: string[]; texts: number }) | null;
    dataShare: string | null;
    examples: Example[];
    samples: Sample[];
    facts: [string, string][];
    rllc: Table;
    traces: Trace[];
    /** Names of the combinations of a sweep; empty on the page of one run. */
    runs: string[];
}

/** One point of a line; low and high are its band. */
export interface Point {
    x: number;
    y: any;
    low?: any;
    high?: any;
    tip?: string;
    hollow?: boolean;
    row?: Estimate | null;
    error?: number | null;
}

export interface Line {
    name: string;
    label?: string;
    color: string;
    dash?: string;
    marker?: number;
    width?: number;
    opacity?: number;
    plain?: boolean;
    component?: string;
    points: Point[];
}

export interface Scale {
    training?: boolean;
    map(v: number): number;
    back(v: number): number;
    low: number;
    high: number;
    ticks(n: number): number[];
}

export interface Axis {
    scale: Scale;
    label?: string;
    format?: (v: number) => string;
}

export interface Column {
    name: string;
    text?: boolean;
    wide?: boolean;
    get(row: any): any;
    show?: (value: any, row: any) => any;
    head?: boolean;
}

/** What a head, a checkpoint and a dataset have of something. */
export interface Measure {
    value: number;
    error: number;
    status?: string;
    step: number;
    dataset?: string;
    note?: string;
}

/** A column of the head finder. */
export interface HeadColumn {
    id: string;
    label: string;
    group: string;
    get(component: string): Measure | null;
}
