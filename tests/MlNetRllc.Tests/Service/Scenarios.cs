using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Modules;
using MlNetRllc.Prediction;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Prediction;
using MlNetRllc.Tests.Workout;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Service;

/// <summary>Uses of the library as a long-lived service has them; each throws, or the process ends, where something does not
/// hold.</summary>
internal static partial class Scenarios
{
    public static void EnginesAreDisposedWhileOthersPredict()
    {
        var ml = new MLContext(1);
        using var text = new TextModel(ml);
        var reader = ml.Rllc.PredictText(text.Tokenizer, text.Model, options: new() { Continuation = 4 }).Fit(text.Documents);
        Answer Ask(int i)
        {
            using var engine = ml.Model.CreatePredictionEngine<Question, Answer>(reader); // disposes the reader with itself
            return engine.Predict(new() { Text = $"Document {i % 5} tells" });
        }
        var alone = Enumerable.Range(0, 5).Select(Ask).ToArray();
        Parallel.For(0, 400, new() { MaxDegreeOfParallelism = 4 }, i =>
        {
            var (answer, expected) = (Ask(i), alone[i % 5]);
            if (answer.Loss != expected.Loss || answer.Continuation != expected.Continuation)
                throw new InvalidDataException($"Answer {i} differs.");
        });
    }

    public static void PredictionsHaveTheSameBits_WhateverLibtorchsThreads()
    {
        var ml = new MLContext(1);
        using var text = new TextModel(ml);
        var options = new TextPredictionOptions { TokenLosses = true, TopTokens = 3 };
        var reader = ml.Rllc.PredictText(text.Tokenizer, text.Model, options: options).Fit(text.Documents);
        List<List<string>> found = [];
        foreach (var threads in (int[])[1, 2, 4])
        {
            set_num_threads(threads);
            found.Add([.. RowDump.Of(reader.Transform(text.Documents))]);
            if (get_num_threads() != threads) throw new InvalidDataException($"{get_num_threads()} threads are left of {threads}.");
        }
        if (!found[0].SequenceEqual(found[1]) || !found[0].SequenceEqual(found[2]))
            throw new InvalidDataException("The predictions differ.");
    }

    public static void GradientsAreTakenWhereTheCallerSwitchedThemOff()
    {
        var module = OwnModules.Regression();
        var expected = Llc(module);
        using (no_grad()) Same(expected, Llc(module));
        using (inference_mode()) Same(expected, Llc(module));
        using (inference_mode())
        {
            try { Llc(OwnModules.Regression()); throw new InvalidDataException("A module without gradients was sampled."); }
            catch (ArgumentException e) when (e.Message.Contains("can have no gradient", StringComparison.Ordinal)) { }
        }
        using var study = new TinyStudy();
        string[] Rows() => Sampled(study, new() { Chains = 2, Draws = 3, BurnIn = 0, BatchSize = 4, Engine = SamplingEngine.Autograd });
        var rows = Rows();
        using (no_grad()) Same(rows, Rows());
        using (inference_mode()) Same(rows, Rows());
        var ml = new MLContext(1);
        float Trained()
        {
            using var text = new TextModel(ml);
            return text.Model.Checkpoints.GetColumn<float>("ValidationLoss").Last();
        }
        var loss = Trained();
        using (no_grad()) Same(loss, Trained());
        using (inference_mode()) Same(loss, Trained());
        if (!is_grad_enabled() || is_inference_mode_enabled()) throw new InvalidDataException("The caller's own mode changed.");
    }

    public static void LossesWithoutAGradientAreRefused()
    {
        Refused("has no gradient", (o, l) => nn.functional.mse_loss(o.squeeze(-1), l).detach());
        Refused("has no gradient", (o, l) =>
        {
            using (no_grad()) return nn.functional.mse_loss(o.squeeze(-1) * 1, l);
        });
        Refused("no backward()", (o, l) =>
        {
            var loss = nn.functional.mse_loss(o.squeeze(-1), l);
            loss.backward();
            return loss;
        });
        Refused("of type Int64", (o, l) => (o.squeeze(-1) > l).sum());
        Refused("one number", (o, l) => o.squeeze(-1) - l);
    }

    public static void OneModuleIsSampledByOneFitAtATime()
    {
        var (ml, module) = (new MLContext(1), OwnModules.Regression());
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var first = Task.Run(() => Estimator(ml, module, (o, l) =>
        {
            inside.Set();
            leave.Wait();
            return nn.functional.mse_loss(o.squeeze(-1), l);
        }).Fit(OwnModules.RegressionRows(ml)));
        inside.Wait();
        try
        {
            Estimator(ml, module, (o, l) => nn.functional.mse_loss(o.squeeze(-1), l)).Fit(OwnModules.RegressionRows(ml));
            throw new InvalidDataException("The second Fit was let in.");
        }
        catch (InvalidOperationException e) when (e.Message.Contains("another Fit is sampling this module", StringComparison.Ordinal)) { }
        finally { leave.Set(); }
        first.Wait();
        Estimator(ml, module, (o, l) => nn.functional.mse_loss(o.squeeze(-1), l)).Fit(OwnModules.RegressionRows(ml));
    }

    public static void TokensOfAStoreStayReadableWhenTheStoreIsGone() => WithStore(folder =>
    {
        var sum = 0L;
        for (var i = 0; i < 100; i++)
        {
            var tokens = TokenStore.Open(folder).Contexts("train", "train")![i % 10];
            GC.Collect();
            GC.WaitForPendingFinalizers();
            foreach (var token in tokens) sum += token;
        }
        var closed = TokenStore.Open(folder);
        var contexts = closed.Contexts("train", "train")!;
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sum += contexts[0][0]);
    });

    /// <summary>Where a system lets another write what is open, as Unix does.</summary>
    public static void AStoreThatIsCutIsRefused() => WithStore(folder =>
    {
        using var store = TokenStore.Open(folder);
        var contexts = store.Contexts("train", "train")!;
        var file = Path.Combine(folder, "train.tokens");
        using (var other = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) other.SetLength(8);
        var sum = 0L;
        Assert.Contains("was cut", Assert.Throws<InvalidDataException>(() => sum += contexts[5][0]).Message, StringComparison.Ordinal);
    });

    private static void WithStore(Action<string> use)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-store-").FullName;
        try
        {
            var ml = new MLContext(1);
            using var text = new TextModel(ml);
            var options = new TokenizeTextOptions { VocabularySize = 300, ContextLength = 16, StoreFolder = folder };
            var view = ml.Rllc.TokenizeText(options).Fit(text.Documents).Transform(text.Documents);
            RowDump.Of(view);
            ((IDisposable)view).Dispose();
            use(Directory.GetDirectories(folder).Single());
        }
        finally
        {
            // What was dropped while it was open is closed by its finalizer; before that Windows deletes nothing.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Directory.Delete(folder, recursive: true);
        }
    }

    public static void AThousandCursorsOverAStoreTakeNoMoreFiles()
    {
        var folder = Directory.CreateTempSubdirectory("rllc-store-").FullName;
        try
        {
            var ml = new MLContext(1);
            using var text = new TextModel(ml);
            var options = new TokenizeTextOptions { VocabularySize = 300, ContextLength = 16, StoreFolder = folder };
            var view = ml.Rllc.TokenizeText(options).Fit(text.Documents).Transform(text.Documents);
            var rows = RowDump.Of(view).Count;
            var before = Directory.GetFiles("/proc/self/fd").Length;
            var cursors = Enumerable.Range(0, 1000).Select(_ => view.GetRowCursor(view.Schema)).ToList();
            foreach (var cursor in cursors) cursor.MoveNext();
            var after = Directory.GetFiles("/proc/self/fd").Length;
            if (after > before + 10) throw new InvalidDataException($"{after - before} more files are open.");
            GC.KeepAlive(cursors);
            if (RowDump.Of(view).Count != rows) throw new InvalidDataException("The rows changed.");
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    public static void SoakWithAnother()
    {
        var folder = Directory.CreateTempSubdirectory("rllc-soak-").FullName;
        try
        {
            using var soak = new Soak(folder);
            soak.Run(withNeighbour: true);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    public static void SoakBesideAnother()
    {
        using var soak = new Soak(Environment.GetEnvironmentVariable(Soak.Folder)!);
        soak.Run(withNeighbour: false);
    }

    private static string[] Llc(nn.Module<Tensor, Tensor> module)
    {
        var ml = new MLContext(1);
        var estimator = Estimator(ml, module, (o, l) => nn.functional.mse_loss(o.squeeze(-1), l));
        return [.. estimator.Fit(OwnModules.RegressionRows(ml)).Results.Select(r => $"{r}")];
    }

    private static LlcEstimator Estimator(MLContext ml, nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor, Tensor> loss) =>
        ml.Rllc.EstimateLlc(module, loss, new() { Sampling = new() { Chains = 2, Draws = 5, BurnIn = 0, BatchSize = 8 } });

    private static string[] Sampled(TinyStudy study, SgldOptions options)
    {
        var ml = new MLContext(1);
        var grid = study.Grid(ml);
        return [.. RowDump.Of(ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), options, store: new RowStore()).Fit(grid).Transform(grid))];
    }

    private static void Refused(string why, Func<Tensor, Tensor, Tensor> loss)
    {
        var (ml, module) = (new MLContext(1), OwnModules.Regression());
        try { Estimator(ml, module, loss).Fit(OwnModules.RegressionRows(ml)); }
        catch (InvalidOperationException e) when (e.Message.Contains(why, StringComparison.Ordinal))
        {
            Estimator(ml, module, (o, l) => nn.functional.mse_loss(o.squeeze(-1), l)).Fit(OwnModules.RegressionRows(ml)); // it is as it was
            return;
        }
        throw new InvalidDataException($"A loss was let through whose refusal says '{why}'.");
    }

    private static void Same(string[] expected, string[] found)
    {
        if (expected.SequenceEqual(found)) return;
        throw new InvalidDataException($"{string.Join('\n', expected)}\nbecame\n{string.Join('\n', found)}");
    }

    private static void Same(float expected, float found)
    {
        if (expected != found) throw new InvalidDataException($"{expected} became {found}.");
    }

    internal sealed class Question
    {
        public string Text { get; set; } = "";
    }

    internal sealed class Answer
    {
        public float Loss { get; set; }

        public string Continuation { get; set; } = "";
    }
}
