using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Transpose
{
    public static TorchKernel Make(Op.Transpose op) =>
        x => x[0].Permute(Array.ConvertAll(op.Order(x[0].Rank), a => (long)a));
}

internal static class DepthToSpace
{
    public static TorchKernel Make(Op.DepthToSpace op) =>
        x =>
        {
            long[] s = x[0].Shape;
            long block = op.Block,
                channels = s[1] / (block * block);
            TorchTensor parts = op.ChannelFirst
                ? x[0].Reshape(s[0], channels, block, block, s[2], s[3]).Permute(0, 1, 4, 2, 5, 3)
                : x[0].Reshape(s[0], block, block, channels, s[2], s[3]).Permute(0, 3, 4, 1, 5, 2);
            return parts.Reshape(s[0], channels, s[2] * block, s[3] * block);
        };
}

internal static class SpaceToDepth
{
    public static TorchKernel Make(Op.SpaceToDepth op) =>
        x =>
        {
            long[] s = x[0].Shape;
            long block = op.Block,
                height = s[2] / block,
                width = s[3] / block;
            return x[0]
                .Reshape(s[0], s[1], height, block, width, block)
                .Permute(0, 3, 5, 1, 2, 4)
                .Reshape(s[0], s[1] * block * block, height, width);
        };
}
