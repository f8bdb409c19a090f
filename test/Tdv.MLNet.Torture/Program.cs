using System.Globalization;
using System.Runtime.CompilerServices;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Torture;

// TorchSharp may be touched before the library is; run the library's own initializer first.
RuntimeHelpers.RunModuleConstructor(typeof(LibTorchLoader).Module.ModuleHandle);
const int Seed = 1;

return args switch
{
    ["readers"] => Readers(),
    ["fuzz", var reader, var inputs] => Fuzz.Run(FuzzedReaders.All.Single(r => r.Name == reader), Number(inputs), Seed),
    ["one", var reader, var file] => Fuzz.One(FuzzedReaders.All.Single(r => r.Name == reader), file),
    ["decode", var kind, var files] => Decoding.Run(kind, Number(files), Seed),
    ["decode-child", var kind, var folder, var from] => DecodingChild.Run(kind, folder, Number(from)),
    ["threads", var seconds] => SharedTransformer.Compare(Number(seconds)),
    ["dispose", var times] => SharedTransformer.Dispose(Number(times)),
    ["steps", var steps] => LongTraining.Run(Number(steps)),
    ["memory", var preset, var size, var batch] => StepMemoryCheck.Run(
        Enum.Parse<Tdv.MLNet.TdvPreset>(preset, ignoreCase: true),
        Number(size),
        Number(batch)
    ),
    ["leak", var predictions] => SharedTransformer.Leak(Number(predictions)),
    ["whole", var folder] => WholeFolder.Check(folder),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Readers()
{
    foreach (var reader in FuzzedReaders.All)
    {
        Console.WriteLine(reader.Name);
    }

    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: ./build.sh torture [--quick], or one part of it:

          readers                  the readers that can be fuzzed
          fuzz READER INPUTS       feeds a reader mutated files
          one READER FILE          reads a kept file again and prints what it throws
          decode KIND FILES        mutated videos, images or masks for the native decoders
          threads SECONDS          eight engines and two cursors over one transformer
          dispose TIMES            disposal under running predictions
          steps STEPS              memory and handles of a long training at 32 pixels
          memory PRESET SIZE BATCH what a training step takes, beside what is estimated at the door
          leak PREDICTIONS         live tensors and resident memory
          whole FOLDER             whether all files of a run are whole, and its results of its model
        """
    );
    return 2;
}
