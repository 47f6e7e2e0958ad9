using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class SpaceToDepth
{
    public static TorchKernel Make(Op.SpaceToDepth op) => x =>
    {
        long[] s = x[0].Shape;
        long block = op.Block, height = s[2] / block, width = s[3] / block;
        return x[0].Reshape(s[0], s[1], height, block, width, block).Permute(0, 3, 5, 1, 2, 4).Reshape(s[0], s[1] * block * block, height, width);
    };
}
