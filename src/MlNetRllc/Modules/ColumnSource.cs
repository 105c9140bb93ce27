using Microsoft.ML;
using MlNetRllc.Foundation;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>Two columns, features and labels, as tensors.</summary>
internal sealed class ColumnSource(LlcOptions options, Func<Tensor, Tensor, Tensor> loss) : ModuleSource
{
    public override IReadOnlyList<ColumnNeed> Needs { get; } =
        [ColumnNeed.Numbers(options.FeatureColumn), ColumnNeed.Labels(options.LabelColumn)];

    public override IModuleRows Read(IDataView table, ScalarType type, Device device)
    {
        var (features, labels) = ModuleData.Read(table, options, type, device);
        return new ColumnRows(features, labels, loss);
    }

    // Each loss gets a batch of its own: a module may change its input in place.
    private sealed class ColumnRows(Tensor features, Tensor labels, Func<Tensor, Tensor, Tensor> loss) : IModuleRows
    {
        public int Count => (int)features.shape[0];

        public void Prepare(int[] batch)
        {
        }

        public Tensor Loss(int[] batch)
        {
            using var index = tensor([.. batch.Select(r => (long)r)], device: features.device);
            return loss(features.index_select(0, index), labels.index_select(0, index));
        }
    }
}
