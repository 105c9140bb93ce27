using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;
using MlNetRllc.Modules;
using MlNetRllc.Prediction;
using MlNetRllc.Text;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc;

/// <summary>Every type that the library writes or reads as JSON: a trimmed program knows no other.</summary>
[JsonSerializable(typeof(int)), JsonSerializable(typeof(string)), JsonSerializable(typeof(object)), JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<string>)), JsonSerializable(typeof(Dictionary<string, int>))]
[JsonSerializable(typeof(TextDocumentOptions)), JsonSerializable(typeof(TokenizeTextTransformer.Settings))]
[JsonSerializable(typeof(TokenizerFiles)), JsonSerializable(typeof(TokenStoreManifest)), JsonSerializable(typeof(ContextStream.Packed[]))]
[JsonSerializable(typeof(CheckpointInfo[])), JsonSerializable(typeof(LanguageModelOutputs))]
[JsonSerializable(typeof(TextPredictionOptions)), JsonSerializable(typeof(TextPredictionTransformer.Kind))]
[JsonSerializable(typeof(SgldOptions)), JsonSerializable(typeof(LossTrace)), JsonSerializable(typeof(EstimationOptions)), JsonSerializable(typeof(LlcResult[]))]
[JsonSerializable(typeof(ScoreHeadsOptions)), JsonSerializable(typeof(HeadScores)), JsonSerializable(typeof(HeadTokens)), JsonSerializable(typeof(HeadTraces))]
[JsonSerializable(typeof(HeadScoreOptions)), JsonSerializable(typeof(TokenPatternOptions)), JsonSerializable(typeof(CurvatureOptions))]
[JsonSerializable(typeof(HeadClassifierOptions)), JsonSerializable(typeof(TrajectoryClusters))]
internal sealed partial class LibraryJson : JsonSerializerContext;
