using Microsoft.ML;

namespace MlNetRllc.Runner.Tables;

/// <summary>The output of an estimate step, read row by row: the estimates and the traces that they are of.</summary>
internal static class EstimatedRows
{
    public static (List<RllcRow> Estimates, List<EstimatedTrace> Traces) ReadFrom(MLContext ml, IDataView estimated)
    {
        var (rows, traces) = (new List<RllcRow>(), new List<EstimatedTrace>());
        foreach (var r in ml.Data.CreateEnumerable<RllcColumns>(estimated, reuseRowObject: false))
        {
            rows.Add(new()
            {
                Step = r.Step, Component = r.Component, Dataset = r.Dataset, Rllc = r.Rllc, RllcStdErr = r.RllcStdErr, RHat = r.RHat, Ess = r.Ess,
                Geweke = r.Geweke, NegativeShare = r.NegativeShare, Drift = r.Drift, Status = r.Status, StatusReason = r.StatusReason,
            });
            if (r.BaselineLosses.Length > 0)
                traces.Add(new(r.Step, r.Component, r.Dataset, r.NBeta, r.MalaAcceptance.Length, r.BaselineLosses.Length, r.Losses, r.BaselineLosses, r.MalaAcceptance));
        }
        return (rows, traces);
    }

    private sealed class RllcColumns
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double NBeta { get; set; }

        public double[] Losses { get; set; } = [];

        public double[] BaselineLosses { get; set; } = [];

        public double[] MalaAcceptance { get; set; } = [];

        public double Rllc { get; set; }

        public double RllcStdErr { get; set; }

        public double RHat { get; set; }

        public double Ess { get; set; }

        public double Geweke { get; set; }

        public double NegativeShare { get; set; }

        public double Drift { get; set; }

        public string Status { get; set; } = "";

        public string StatusReason { get; set; } = "";
    }
}
