using Microsoft.ML;

namespace MlNetRllc.Runner.Tables;

/// <summary>What an estimate step gives.</summary>
/// <param name="Table">The estimates, computed once or read back from their file.</param>
/// <param name="Traces">What they are of, row by row in the same order; read when it is asked for.</param>
internal sealed record EstimatedRows(IDataView Table, IDataView Traces)
{
    /// <summary>The estimates alone.</summary>
    public List<RllcRow> ReadEstimates(MLContext ml) =>
    [
        // Those of an earlier version have no share of the data.
        .. ml.Data.CreateEnumerable<EstimateColumns>(Table, reuseRowObject: true, ignoreMissingColumns: true).Select(r => new RllcRow
        {
            Step = r.Step, Component = r.Component, Dataset = r.Dataset, Rllc = r.Rllc, RllcStdErr = r.RllcStdErr,
            RHat = r.RHat, Ess = r.Ess, Geweke = r.Geweke, NegativeShare = r.NegativeShare, Drift = r.Drift,
            DataShare = r.DataShare, DataShareStdErr = r.DataShareStdErr, Status = r.Status, StatusReason = r.StatusReason,
        }),
    ];

    /// <summary>The traces of those rows that have one.</summary>
    public IEnumerable<EstimatedTrace> ReadTraces(MLContext ml) =>
        // Those that an earlier version sampled have no column Antithetic.
        from r in ml.Data.CreateEnumerable<TraceColumns>(Traces, reuseRowObject: false, ignoreMissingColumns: true)
        where r.BaselineLosses.Length > 0
        select new EstimatedTrace(
            r.Step, r.Component, r.Dataset, r.NBeta, r.MalaAcceptance.Length, r.BaselineLosses.Length,
            r.Losses, r.BaselineLosses, r.MalaAcceptance, r.Antithetic);

    private sealed class TraceColumns
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double NBeta { get; set; }

        public double[] Losses { get; set; } = [];

        public double[] BaselineLosses { get; set; } = [];

        public double[] MalaAcceptance { get; set; } = [];

        public bool Antithetic { get; set; }
    }

    private sealed class EstimateColumns
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double Rllc { get; set; }

        public double RllcStdErr { get; set; }

        public double RHat { get; set; }

        public double Ess { get; set; }

        public double Geweke { get; set; }

        public double NegativeShare { get; set; }

        public double Drift { get; set; }

        public double DataShare { get; set; } = double.NaN;

        public double DataShareStdErr { get; set; } = double.NaN;

        public string Status { get; set; } = "";

        public string StatusReason { get; set; } = "";
    }
}
