using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>Runs the combinations of a matrix one after another, in one folder that holds what they share,
/// and joins their tables.</summary>
internal static class SweepRunner
{
    /// <summary>Runs all combinations; those that an earlier run finished are kept.</summary>
    /// <param name="matrix">The combinations.</param>
    /// <param name="runs">Folder of the run folders.</param>
    /// <param name="display">Steps are shown as <c>combination/step</c>.</param>
    /// <param name="options">Which steps, and how; <see cref="RunOptions.KeepGoing"/> also goes on with the combinations
    /// behind one that failed.</param>
    /// <param name="cancellation">Asks to stop once what is in hand is saved.</param>
    public static SweepRecord Run(
        StudyMatrix matrix, string runs, IStudyDisplay display, RunOptions options, CancellationToken cancellation)
    {
        using var folder = RunFolder.Open(Path.Combine(runs, matrix.Name));
        var damaged = new List<string>();
        DamagedRecords.PutAside(Path.Combine(folder.Path, SweepRecord.FileName), damaged);
        damaged.ForEach(display.Damaged);
        var cells = matrix.Cells.Select(c => new CellRecord(c.Name, c.Values, "waiting", [])).ToList();
        var tables = SweepRecord.Find(folder.Path)?.Tables ?? new Dictionary<string, JoinedTable>();
        SweepRecord Record() => new(matrix.Name, matrix.Axes, [.. cells])
        {
            Tables = tables, Damaged = damaged.Count > 0 ? [.. damaged] : null,
        };
        void Save(int cell, string state, params IReadOnlyList<string> problems)
        {
            cells[cell] = cells[cell] with { State = state, Problems = problems };
            folder.WriteRecord(SweepRecord.FileName, Record());
        }
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = matrix.Cells[i];
            Save(i, "running");
            try
            {
                using var own = RunFolder.Open(matrix.FolderOf(runs, cell), folder.Path);
                var record = StudyRunner.Run(cell.Pipeline, own, new CellDisplay(display, cell.Name), cancellation, options);
                damaged.AddRange(record.Damaged);
                Save(i, record.State, record.Problems);
            }
            catch (Exception e) when (options.KeepGoing && !StudyRunner.IsCancellation(e) && e is not PipelineException)
            {
                Save(i, "failed", ErrorText.MessageOf(e));
            }
            catch (Exception e)
            {
                // On a full disk not even this can be written.
                try { Save(i, StudyRunner.IsCancellation(e) ? "cancelled" : "failed", ErrorText.MessageOf(e)); }
                catch (Exception other) when (other is IOException or UnauthorizedAccessException) { }
                throw;
            }
        }
        tables = CombinedTables.Write(matrix, runs, folder, tables, Note, TellDamaged);
        Note(tables);
        return Record();

        void TellDamaged(string sentence)
        {
            damaged.Add(sentence);
            display.Damaged(sentence);
        }

        void Note(IReadOnlyDictionary<string, JoinedTable> joined)
        {
            tables = joined;
            folder.WriteRecord(SweepRecord.FileName, Record());
        }
    }

    /// <summary>Names steps by their combination.</summary>
    private sealed class CellDisplay(IStudyDisplay display, string cell) : IStudyDisplay
    {
        public void Show(Action work) => display.Show(work);

        public void Begin(string step, string what) => display.Begin($"{cell}/{step}", what);

        public void Progress(string step, double share, string now) => display.Progress($"{cell}/{step}", share, now);

        public void End(string step, string summary, TimeSpan time) => display.End($"{cell}/{step}", summary, time);

        public void Damaged(string sentence) => display.Damaged(sentence);
    }
}
