return Tdv.Samples.SampleRuns.Run(args);
