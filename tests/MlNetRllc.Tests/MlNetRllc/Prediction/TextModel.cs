using Microsoft.ML;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc.Tests.Prediction;

/// <summary>A tokenizer and a model of a few sentences, trained for a moment.</summary>
internal sealed class TextModel : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;

    public TextModel(MLContext ml)
    {
        static string TextOf(int i) =>
            $"Document {i} tells of the number {i} and of the number {i * 7}; it tells it twice, twice.";
        Documents = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Document { Text = TextOf(i) }).ToList());
        Tokenizer = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 16).Fit(Documents);
        Model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new()
        {
            Layers = 2, Heads = 2, ModelWidth = 8, HeadWidth = 4, Steps = 3, BatchSize = 4, CheckpointFolder = folder,
        }).Fit(Tokenizer.Transform(Documents));
    }

    public IDataView Documents { get; }

    public TokenizeTextTransformer Tokenizer { get; }

    public LanguageModelTransformer Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class Document
    {
        public string Text { get; set; } = "";
    }
}
