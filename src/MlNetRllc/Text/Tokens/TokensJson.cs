using System.Text.Json.Serialization;

namespace MlNetRllc.Text.Tokens;

/// <summary>What tokenizers and stores of tokens keep as JSON.</summary>
[JsonSerializable(typeof(TokenizeTextTransformer.Settings)), JsonSerializable(typeof(TokenizerFiles))]
[JsonSerializable(typeof(TokenStoreManifest)), JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class TokensJson : JsonSerializerContext;
