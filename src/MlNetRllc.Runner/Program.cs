var t = System.Diagnostics.Stopwatch.StartNew();
MlNetRllc.Core.Native.TorchNative.EnsureLoaded();
Console.WriteLine(t.Elapsed);
Console.WriteLine(TorchSharp.torch.ones(3).sum().item<float>());
Console.WriteLine(t.Elapsed);
